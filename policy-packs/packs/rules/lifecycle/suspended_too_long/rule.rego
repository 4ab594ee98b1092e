# METADATA
# title: A suspended key is not forgotten
# description: >-
#   A key is suspended for no longer than policy allows: then it is resumed, deactivated, or its destruction is
#   ordered.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: low
#   remediation: >-
#     Decide what becomes of the key: enable it, deactivate it, or order its destruction.
#   subject: key
#   reads:
#     history.states: "event: resources[0].data.state of every change"
#     key.destroys: "event: resources[0].data of every change"
#     key.state: "event: resources[0].data of every change"
#   controls:
#     - {framework: nist-800-57, version: "pt1r5", id: "7", source: "NIST SP 800-57 Part 1 Rev. 5", date: "2020-05"}
#     - {framework: iso-27001, version: "2022", id: "A.8.24", source: "ISO/IEC 27001:2022, Annex A", date: "2022-10"}
package keyproof.rules.lifecycle.suspended_too_long

import data.keyproof.finding
import data.keyproof.history
import data.keyproof.parameters
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": _evaluated,
	"faults": _faults,
	"observed": {
		"since": history.since,
		"allowedDays": parameters.tolerances.suspendedDays,
	},
})

default _applicable := false

_applicable if {
	input.key.state == "suspended"
	not is_string(subject.field("destroys"))
}

default _evaluated := false

_evaluated if is_number(history.since)

_faults contains "forgotten" if history.age(history.since) > parameters.tolerances.suspendedDays * 86400
