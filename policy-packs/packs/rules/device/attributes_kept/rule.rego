# METADATA
# title: Is in its device what it was at first
# description: >-
#   Every attribute that the device answered when the key was first told of is the same now, over all versions.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: critical
#   remediation: >-
#     Treat the key as tampered with: find the record of the change, create a new key, move its callers to it, and
#     destroy this one.
#   subject: key
#   reads:
#     history.first: "read-back: resources[0].data.attributes, as the device answered when the key was first told of"
#     key.attributes: "read-back: resources[0].data.attributes, as the device answered"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.7.7", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: nist-800-53, version: "r5", id: "SC-28(3)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: keyproof-device, version: "1", id: "attribute-changed", source: "Keyproof, what the device itself demands", date: "2026-11"}
package keyproof.rules.device.attributes_kept

import data.keyproof.finding
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": subject.exists,
	"evaluated": _evaluated,
	"faults": _faults,
	"observed": {
		"firstTold": _first,
	},
})

default _evaluated := false

_evaluated if {
	is_object(input.history.first.attributes)
	is_object(input.key.attributes)
}

default _first := null

_first := input.history.first.time

_faults contains concat("-", [name, "changed"]) if {
	some name, value in input.history.first.attributes
	subject.attribute(name) != value
}
