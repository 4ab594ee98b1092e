# METADATA
# title: Was born by a recorded step
# description: >-
#   The key's birth is an outcome on the record that completes an intent, and a key that lives in its device alone
#   was generated in it.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: high
#   remediation: >-
#     Find out how the key came to be. Where that cannot be shown, create a new one through the broker, move its
#     callers to it, and destroy this one.
#   subject: key
#   reads:
#     history.changes.CreateKey: "event: outcomes of CreateKey, and unmapped.keyproof.intent"
#     key.attributes.local: "read-back: resources[0].data.attributes, as the device answered"
#     key.residence: "event: resources[0].data of every change"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.7.1", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: nist-800-57, version: "pt1r5", id: "8.1", source: "NIST SP 800-57 Part 1 Rev. 5", date: "2020-05"}
#     - {framework: nist-800-53, version: "r5", id: "SC-12", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: iso-27001, version: "2022", id: "A.8.24", source: "ISO/IEC 27001:2022, Annex A", date: "2022-10"}
package keyproof.rules.strength.born_by_recorded_step

import data.keyproof.finding
import data.keyproof.history
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": subject.exists,
	"evaluated": _evaluated,
	"faults": _faults,
	"observed": {
		"intent": _intent,
		"residence": subject.field("residence"),
		"local": subject.attribute("local"),
	},
})

default _evaluated := false

_evaluated if is_object(history.done("CreateKey"))

default _intent := null

_intent := history.done("CreateKey").intent

_faults contains "no-intent" if _intent == null

_faults contains "not-born-in-device" if {
	input.key.residence == "resident"
	subject.attribute("local") == false
}
