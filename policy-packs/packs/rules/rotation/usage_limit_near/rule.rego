# METADATA
# title: Its uses stay clear of its limit
# description: >-
#   The current version of a key has protected less than the share of its usage limit at which policy wants it
#   rotated.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: high
#   remediation: >-
#     Rotate the key now, before it is refused at its limit, and see why it is used more than was planned.
#   subject: key
#   reads:
#     history.changes.CreateKey: "event: outcomes of CreateKey"
#     history.changes.RotateKey: "event: outcomes of RotateKey"
#     history.current: "event: outcomes of every use, with count and resources[0].version"
#     key.state: "event: resources[0].data of every change"
#     key.usageLimit: "event: resources[0].data of every change"
#     key.version: "event: resources[0].data of every change"
#   controls:
#     - {framework: nist-800-38d, version: "2007", id: "8.3", source: "NIST SP 800-38D", date: "2007-11"}
#     - {framework: keyproof-device, version: "1", id: "gcm-near-limit", source: "Keyproof, what the device itself demands", date: "2026-11"}
package keyproof.rules.rotation.usage_limit_near

import data.keyproof.finding
import data.keyproof.history
import data.keyproof.parameters
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": _evaluated,
	"faults": _faults,
	"observed": {
		"limit": subject.field("usageLimit"),
		"protected": _protected,
		"share": parameters.tolerances.usageShare,
	},
})

default _applicable := false

_applicable if {
	subject.in_use
	is_number(input.key.usageLimit)
}

default _evaluated := false

# Counted from the version's own beginning, or some of its uses may be missing.
_evaluated if {
	input.history.current.version == input.key.version
	some operation in ["CreateKey", "RotateKey"]
	history.done(operation).version == input.key.version
}

_protected := sum([times |
	some operation, times in input.history.current.uses
	parameters.operations[operation].effect == "protect"
])

_faults contains "near" if _protected >= input.key.usageLimit * parameters.tolerances.usageShare
