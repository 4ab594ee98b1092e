# METADATA
# title: What policy refuses is not tried again and again
# description: >-
#   On no day was an account refused more often than mistakes explain.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: medium
#   remediation: >-
#     Ask who has the account what it wanted; if nobody did, take its credentials from it.
#   subject: account
#   reads:
#     account.days: "event: outcomes whose decision refuses, by the day"
#     account.first: "event: time of every call of a known caller"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "CA-7", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: hipaa, version: "2013", id: "164.308(a)(1)(ii)(D)", source: "45 CFR Part 164, Subpart C", date: "2013-01"}
#     - {framework: iso-27001, version: "2022", id: "A.8.16", source: "ISO/IEC 27001:2022, Annex A", date: "2022-10"}
package keyproof.rules.separation.repeated_refusals

import data.keyproof.account
import data.keyproof.finding
import data.keyproof.parameters

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": account.known,
	"faults": _faults,
	"observed": {
		"mostInADay": _most,
		"allowed": parameters.tolerances.refusalsPerDay,
	},
})

default _applicable := false

_applicable if not account.known

_applicable if count(input.account.days) > 0

default _most := null

_most := max([day.refused | some day in input.account.days; account.within(day.day * 86400, parameters.tolerances.lookBackDays)])

_faults contains "too-many" if _most > parameters.tolerances.refusalsPerDay
