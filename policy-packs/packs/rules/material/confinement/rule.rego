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
#   subject: key
#   reads:
#     key.attributes: "read-back: resources[0].data.attributes, as the device answered"
#     key.residence: "event: resources[0].data of every change"
#     key.state: "event: resources[0].data of every change"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.6.1.2", source: PCI DSS 4.0.1, date: "2024-06"}
#     - {framework: pci-dss, version: "4.0.1", id: "3.7.3", source: PCI DSS 4.0.1, date: "2024-06"}
#     - {framework: nist-800-57, version: "pt1r5", id: "6.2.2", source: NIST SP 800-57 Part 1 Rev. 5, date: "2020-05"}
#     - {framework: nist-800-53, version: "r5", id: "SC-28(3)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: hipaa, version: "2013", id: "164.312(a)(2)(iv)", source: "45 CFR Part 164, Subpart C", date: "2013-01"}
#     - {framework: keyproof-device, version: "1", id: "extractable", source: "Keyproof, what the device itself demands", date: "2026-11"}
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
