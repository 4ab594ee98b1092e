# METADATA
# title: Cannot be changed or copied in its device
# description: >-
#   The device refuses to change the key's attributes and to copy it under others. Otherwise whoever is logged in
#   to the device turns a key into one that does more than it was made for.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: high
#   remediation: >-
#     Create a new key with CKA_MODIFIABLE and CKA_COPYABLE false, move its callers to it, and destroy this one.
#   subject: key
#   reads:
#     key.attributes: "read-back: resources[0].data.attributes, as the device answered"
#     key.state: "event: resources[0].data of every change"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.6.1", source: PCI DSS 4.0.1, date: "2024-06"}
#     - {framework: pci-dss, version: "4.0.1", id: "3.7.7", source: PCI DSS 4.0.1, date: "2024-06"}
#     - {framework: nist-800-57, version: "pt1r5", id: "6.2.2", source: NIST SP 800-57 Part 1 Rev. 5, date: "2020-05"}
#     - {framework: nist-800-53, version: "r5", id: "SC-28(3)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
package keyproof.rules.material.immutability

import data.keyproof.finding
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": subject.exists,
	"evaluated": subject.answered(_asked),
	"faults": {name | some name in _asked; input.key.attributes[name]},
	"observed": subject.attributes(_asked),
})

_asked := {"modifiable", "copyable"}
