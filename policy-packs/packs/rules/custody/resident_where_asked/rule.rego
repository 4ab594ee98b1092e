# METADATA
# title: Lives where its class asks for
# description: >-
#   A key that protects what is sensitive has a residence that its class admits: for instance one device, which it
#   never leaves.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: high
#   remediation: >-
#     Create a key of the residence that the class asks for, move its callers to it, and destroy this one.
#   subject: key
#   reads:
#     key.residence: "event: resources[0].data of every change"
#     key.sensitivity: "event: resources[0].data of every change"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.6.1.2", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: pci-dss, version: "4.0.1", id: "3.7.3", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: nist-800-53, version: "r5", id: "SC-28(3)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
package keyproof.rules.custody.resident_where_asked

import data.keyproof.finding
import data.keyproof.parameters
import data.keyproof.sensitivity
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": sensitivity.asks("residences"),
	"evaluated": _evaluated,
	"faults": _faults,
	"observed": {
		"sensitivity": subject.field("sensitivity"),
		"residence": subject.field("residence"),
	},
})

default _evaluated := false

_evaluated if is_string(input.key.residence)

_faults contains "residence-not-admitted" if {
	admitted := parameters.sensitivity.classes[input.key.sensitivity].residences
	not input.key.residence in admitted
}
