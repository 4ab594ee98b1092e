# METADATA
# title: Rotated within its cryptoperiod
# description: >-
#   The current version of a key in use is younger than its cryptoperiod: the period its owner declared, and at
#   most the period that policy sets for its purpose.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: medium
#   remediation: >-
#     Rotate the key now, and declare a rotation period within the maximum for its purpose.
#   subject: key
#   reads:
#     key.purpose: "event: resources[0].data of every change"
#     key.rotated: "event: resources[0].data of every change"
#     key.rotationPeriodDays: "event: resources[0].data of every change"
#     key.state: "event: resources[0].data of every change"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.7.4", source: PCI DSS 4.0.1, date: "2024-06"}
#     - {framework: nist-800-57, version: "pt1r5", id: "5.3", source: NIST SP 800-57 Part 1 Rev. 5, date: "2020-05"}
#     - {framework: nist-800-53, version: "r5", id: "SC-12", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: iso-27001, version: "2022", id: "A.8.24", source: "ISO/IEC 27001:2022, Annex A", date: "2022-10"}
package keyproof.rules.lifecycle.cryptoperiod

import data.keyproof.calendar
import data.keyproof.finding
import data.keyproof.parameters
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": subject.in_use,
	"evaluated": _evaluated,
	"faults": _faults,
	"observed": {
		"rotated": subject.field("rotated"),
		"declaredDays": subject.field("rotationPeriodDays"),
		"maximumDays": _maximum,
		"ageDays": _age_days,
	},
})

default _evaluated := false

_evaluated if {
	is_number(_maximum)
	is_number(_age)
}

default _maximum := null

_maximum := parameters.cryptoperiods[input.key.purpose].days

_declared := input.key.rotationPeriodDays if is_number(input.key.rotationPeriodDays)

_period := min({_maximum} | {days | days := _declared})

_age := input.time.epoch - calendar.epoch(input.key.rotated)

default _age_days := null

_age_days := floor(_age / 86400)

_faults contains "overdue" if _age > _period * 86400

_faults contains "declared-period-too-long" if _declared > _maximum

_faults contains "declared-period-invalid" if _declared < 1

# A key from the future would never be due.
_faults contains "rotated-in-future" if _age < -300
