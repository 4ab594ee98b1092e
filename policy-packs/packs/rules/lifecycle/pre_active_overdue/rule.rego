# METADATA
# title: Becomes active when it was to
# description: >-
#   A key that was to become active by itself did so within the hours that policy allows.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: medium
#   remediation: >-
#     See why the broker did not activate the key, and enable it.
#   subject: key
#   reads:
#     key.activates: "event: resources[0].data of every change"
#     key.state: "event: resources[0].data of every change"
#   controls:
#     - {framework: nist-800-57, version: "pt1r5", id: "8.1", source: "NIST SP 800-57 Part 1 Rev. 5", date: "2020-05"}
package keyproof.rules.lifecycle.pre_active_overdue

import data.keyproof.calendar
import data.keyproof.finding
import data.keyproof.parameters
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": _evaluated,
	"faults": _faults,
	"observed": {
		"activates": subject.field("activates"),
		"allowedHours": parameters.tolerances.lateHours,
	},
})

default _applicable := false

_applicable if {
	input.key.state == "pre-active"
	is_string(input.key.activates)
}

default _evaluated := false

_evaluated if is_number(_late)

_late := input.time.epoch - calendar.epoch(input.key.activates)

_faults contains "overdue" if _late > parameters.tolerances.lateHours * 3600
