# METADATA
# title: Serves one purpose
# description: >-
#   The device permits the key what its purpose needs and nothing else. A key that both wraps keys and decrypts
#   data hands out the keys it wrapped.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: high
#   remediation: >-
#     Create a key for each purpose, with no other use permitted in the device, and retire this one.
#   subject: key
#   reads:
#     key.attributes: "read-back: resources[0].data.attributes, as the device answered"
#     key.purpose: "event: resources[0].data of every change"
#     key.state: "event: resources[0].data of every change"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.6.1", source: PCI DSS 4.0.1, date: "2024-06"}
#     - {framework: pci-dss, version: "4.0.1", id: "3.6.1.1", source: PCI DSS 4.0.1, date: "2024-06"}
#     - {framework: nist-800-57, version: "pt1r5", id: "5.2", source: NIST SP 800-57 Part 1 Rev. 5, date: "2020-05"}
#     - {framework: iso-27001, version: "2022", id: "A.8.24", source: "ISO/IEC 27001:2022, Annex A", date: "2022-10"}
#     - {framework: keyproof-device, version: "1", id: "wrap-and-decrypt", source: "Keyproof, what the device itself demands", date: "2026-11"}
package keyproof.rules.usage.single_purpose

import data.keyproof.finding
import data.keyproof.parameters
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": subject.exists,
	"evaluated": _evaluated,
	"faults": _faults,
	"observed": {
		"purpose": subject.field("purpose"),
		"permitted": sort(_permitted),
	},
})

_uses := {"encrypt", "decrypt", "sign", "verify", "wrap", "unwrap"}

default _evaluated := false

_evaluated if {
	subject.answered(_uses)
	parameters.purposes[input.key.purpose]
}

_permitted := {use | some use in _uses; input.key.attributes[use]}

_needed := {use | some use in parameters.purposes[input.key.purpose]}

_faults contains concat("-", ["may", use]) if some use in (_permitted - _needed)

_faults contains "wraps-and-decrypts" if {
	count(_permitted & {"wrap", "unwrap"}) > 0
	count(_permitted & {"encrypt", "decrypt"}) > 0
}
