# METADATA
# title: Its strength outlasts the notice
# description: >-
#   No step of the minimum strength that comes into force within the notice is above the strength of the key's
#   algorithm, so that there is time to replace it.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: low
#   remediation: >-
#     Plan the replacement now: create a key of a stronger algorithm and move its callers to it before the step is
#     in force.
#   subject: key
#   reads:
#     key.algorithm: "event: resources[0].data of every change"
#     key.state: "event: resources[0].data of every change"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "12.3.3", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: nist-800-57, version: "pt1r5", id: "5.6.1", source: "NIST SP 800-57 Part 1 Rev. 5", date: "2020-05"}
#     - {framework: nist-800-131a, version: "r2", id: "algorithms", source: "NIST SP 800-131A Rev. 2", date: "2019-03"}
package keyproof.rules.strength.strength_ends_soon

import data.keyproof.finding
import data.keyproof.parameters
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": subject.in_use,
	"evaluated": _evaluated,
	"faults": _faults,
	"observed": {
		"algorithm": subject.field("algorithm"),
		"strength": _strength,
		"noticeDays": parameters.tolerances.strengthNoticeDays,
	},
})

default _evaluated := false

_evaluated if {
	is_number(_strength)
	is_number(input.time.epoch)
}

default _strength := null

_strength := parameters.algorithms[input.key.algorithm].strength

_until := input.time.epoch + (parameters.tolerances.strengthNoticeDays * 86400)

_faults contains "below-coming-strength" if {
	some step in parameters.strengths
	step.from > input.time.epoch
	step.from <= _until
	_strength < step.bits
}
