# METADATA
# title: A token that failed serves again
# description: >-
#   No token has failed for longer than policy allows without serving again.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: high
#   remediation: >-
#     Repair or replace the token; until then its group has one less.
#   subject: token
#   reads:
#     token.first: "event: service events with unmapped.keyproof.detail.token"
#     token.told.TokenFailed: "event: service events TokenFailed"
#     token.told.TokenRecovered: "event: service events TokenRecovered"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "SC-12(1)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: nist-800-53, version: "r5", id: "AU-5", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
package keyproof.rules.device.serves

import data.keyproof.finding
import data.keyproof.parameters

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": _known,
	"faults": _faults,
	"observed": {
		"failed": _failed,
		"recovered": _recovered,
		"allowedHours": parameters.tolerances.lateHours,
	},
})

default _known := false

_known if is_number(input.token.first)

default _applicable := false

_applicable if not _known

_applicable if is_number(_failed)

default _failed := null

_failed := input.token.told.TokenFailed.last

default _recovered := null

_recovered := input.token.told.TokenRecovered.last

# What never happened counts less than any time.
_faults contains "down" if {
	_failed > _recovered
	input.time.epoch - _failed > parameters.tolerances.lateHours * 3600
}
