# METADATA
# title: An ordered destruction waited its days
# description: >-
#   A destruction that was ordered was done no earlier than ordered, and was ordered with no fewer days than
#   policy wants, so that there was time to take it back.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: medium
#   remediation: >-
#     Find out who shortened the wait; restore the key from the backup if it is still needed.
#   subject: key
#   reads:
#     history.changes.DestroyKey: "event: outcomes of DestroyKey, with unmapped.keyproof.detail.order"
#     history.changes.ScheduleDestruction: "event: outcomes of ScheduleDestruction, with unmapped.keyproof.detail.days"
#     key.state: "event: resources[0].data of every change"
#   controls:
#     - {framework: nist-800-57, version: "pt1r5", id: "8.4", source: "NIST SP 800-57 Part 1 Rev. 5", date: "2020-05"}
#     - {framework: nist-800-53, version: "r5", id: "SC-12(1)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
package keyproof.rules.lifecycle.destruction_waited

import data.keyproof.finding
import data.keyproof.history
import data.keyproof.parameters

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": _evaluated,
	"faults": _faults,
	"observed": {
		"orderedDays": _days,
		"minimumDays": parameters.destruction.minimumDays,
		"waitedSeconds": _waited,
	},
})

default _applicable := false

_applicable if {
	input.key.state == "destroyed"
	not history.known
}

_applicable if {
	input.key.state == "destroyed"
	is_string(_destruction.detail.order)
}

_destruction := history.done("DestroyKey")

_order := history.done("ScheduleDestruction")

default _evaluated := false

_evaluated if {
	is_number(_waited)
	is_number(_days)
}

default _days := null

_days := _order.detail.days

default _waited := null

_waited := _destruction.time - _order.time

_faults contains "before-its-day" if _waited < (_days * 86400) - parameters.tolerances.graceSeconds

_faults contains "fewer-days-than-policy" if _days < parameters.destruction.minimumDays
