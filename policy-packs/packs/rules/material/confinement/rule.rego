# METADATA
# title: Cannot leave its device
# description: >-
#   The device answers that the key is sensitive and not extractable, and, for a key that was born in the device,
#   that this was so from its first moment.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: critical
#   remediation: >-
#     Treat the key as exposed: create a new one non-extractable in the device, re-protect what this one protects,
#     and destroy it.
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.6.1.2", source: PCI DSS 4.0.1, date: "2024-06"}
#     - {framework: pci-dss, version: "4.0.1", id: "3.7.3", source: PCI DSS 4.0.1, date: "2024-06"}
#     - {framework: nist-800-57, version: "pt1r5", id: "6.2.2", source: NIST SP 800-57 Part 1 Rev. 5, date: "2020-05"}
package keyproof.rules.material.confinement

import data.keyproof.finding
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": subject.exists,
	"evaluated": subject.answered(_asked),
	"faults": _faults,
	"observed": subject.attributes(_asked),
})

# A replicated key was unwrapped into its device, so that only a resident one shows a whole life of confinement.
_life := {"alwaysSensitive", "neverExtractable", "local"}

_now := {"sensitive", "extractable"}

default _asked := {"sensitive", "extractable"}

_asked := _now | _life if input.key.residence == "resident"

_faults contains "not-sensitive" if not input.key.attributes.sensitive

_faults contains "extractable" if input.key.attributes.extractable

_faults contains fault if {
	some name, fault in {
		"alwaysSensitive": "was-not-sensitive",
		"neverExtractable": "was-extractable",
		"local": "not-born-in-device",
	}
	name in _asked
	not input.key.attributes[name]
}
