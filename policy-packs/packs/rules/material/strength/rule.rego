# METADATA
# title: Algorithm and size are strong enough
# description: >-
#   The key's algorithm is one of those allowed for protection, the device holds a key of that type and size, and
#   its security strength reaches the minimum in force at the time of the evaluation.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: high
#   remediation: >-
#     Create a key of an allowed algorithm, move its callers to it, and deactivate this one.
#   subject: key
#   reads:
#     key.algorithm: "event: resources[0].data of every change"
#     key.attributes: "read-back: resources[0].data.attributes, as the device answered"
#     key.state: "event: resources[0].data of every change"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.6.1.1", source: PCI DSS 4.0.1, date: "2024-06"}
#     - {framework: pci-dss, version: "4.0.1", id: "3.7.1", source: PCI DSS 4.0.1, date: "2024-06"}
#     - {framework: nist-800-57, version: "pt1r5", id: "5.6.1", source: NIST SP 800-57 Part 1 Rev. 5, date: "2020-05"}
#     - {framework: nist-800-53, version: "r5", id: "SC-12(2)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: nist-800-53, version: "r5", id: "SC-13", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: fedramp, version: "rev5", id: "SC-13", source: "FedRAMP Rev. 5 baselines", date: "2023-05"}
#     - {framework: iso-27001, version: "2022", id: "A.8.24", source: "ISO/IEC 27001:2022, Annex A", date: "2022-10"}
#     - {framework: nist-800-131a, version: "r2", id: "algorithms", source: "NIST SP 800-131A Rev. 2", date: "2019-03"}
#     - {framework: nist-800-53, version: "r5", id: "SC-12(3)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
package keyproof.rules.material.strength

import data.keyproof.finding
import data.keyproof.parameters
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": subject.exists,
	"evaluated": _evaluated,
	"faults": _faults,
	"observed": {
		"algorithm": subject.field("algorithm"),
		"keyType": subject.attribute("keyType"),
		"bits": subject.attribute("bits"),
		"minimumStrength": _minimum,
	},
})

default _evaluated := false

_evaluated if {
	is_string(input.key.algorithm)
	is_string(input.key.attributes.keyType)
	is_number(input.key.attributes.bits)
	is_number(input.time.epoch)
}

_algorithm := parameters.algorithms[input.key.algorithm]

default _minimum := null

# The strongest demand among those that are in force by now.
_minimum := max({step.bits | some step in parameters.strengths; step.from <= input.time.epoch})

_faults contains "algorithm-not-allowed" if not _algorithm.protect

_faults contains "type-differs" if not input.key.attributes.keyType in _algorithm.keyTypes

_faults contains "size-differs" if input.key.attributes.bits != _algorithm.bits

_faults contains "below-minimum-strength" if _algorithm.strength < _minimum
