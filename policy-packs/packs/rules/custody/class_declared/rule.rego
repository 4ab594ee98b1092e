# METADATA
# title: Says how sensitive it is
# description: >-
#   The key states the class of what it protects where policy wants one, and only a class that the organisation
#   has.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: low
#   remediation: >-
#     State the class of what the key protects.
#   subject: key
#   reads:
#     key.sensitivity: "event: resources[0].data of every change"
#     key.state: "event: resources[0].data of every change"
#   controls:
#     - {framework: iso-27001, version: "2022", id: "A.8.24", source: "ISO/IEC 27001:2022, Annex A", date: "2022-10"}
#     - {framework: nist-800-57, version: "pt1r5", id: "6.2.3", source: "NIST SP 800-57 Part 1 Rev. 5", date: "2020-05"}
package keyproof.rules.custody.class_declared

import data.keyproof.finding
import data.keyproof.parameters
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": subject.known,
	"faults": _faults,
	"observed": {
		"sensitivity": subject.field("sensitivity"),
	},
})

default _applicable := false

_applicable if {
	input.key.state != "destroyed"
	_wanted
}

_wanted if parameters.sensitivity.required

_wanted if is_string(input.key.sensitivity)

_faults contains "no-class" if not is_string(subject.field("sensitivity"))

_faults contains "unknown-class" if {
	is_string(input.key.sensitivity)
	not parameters.sensitivity.classes[input.key.sensitivity]
}
