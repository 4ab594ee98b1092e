# METADATA
# title: A destruction that is due is done
# description: >-
#   A key whose ordered destruction is due is destroyed within the hours that policy allows.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: medium
#   remediation: >-
#     See why the broker could not destroy the key, most likely its device is away, and let it finish.
#   subject: key
#   reads:
#     key.destroys: "event: resources[0].data of every change"
#     key.state: "event: resources[0].data of every change"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.7.5", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: nist-800-57, version: "pt1r5", id: "8.4", source: "NIST SP 800-57 Part 1 Rev. 5", date: "2020-05"}
package keyproof.rules.lifecycle.destruction_overdue

import data.keyproof.calendar
import data.keyproof.finding
import data.keyproof.parameters
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": _evaluated,
	"faults": _faults,
	"observed": {
		"due": subject.field("destroys"),
		"allowedHours": parameters.tolerances.lateHours,
	},
})

default _applicable := false

_applicable if {
	subject.exists
	is_string(input.key.destroys)
}

default _evaluated := false

_evaluated if is_number(_late)

_late := input.time.epoch - calendar.epoch(input.key.destroys)

_faults contains "overdue" if _late > parameters.tolerances.lateHours * 3600
