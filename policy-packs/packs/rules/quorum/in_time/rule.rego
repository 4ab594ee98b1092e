# METADATA
# title: A quorum does not keep waiting
# description: >-
#   What was done by approval within the days that policy looks back had its quorum within the minutes
#   that policy wants.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: low
#   remediation: >-
#     Ask who is on call whether the notices arrive, and whether there are enough approvers.
#   subject: installation
#   reads:
#     installation.approvals: "event: outcomes with unmapped.keyproof.detail.quorumClock"
#     installation.first: "event: time of every event of a broker that is no use of a key"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "CA-7", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: iso-27001, version: "2022", id: "A.8.24", source: "ISO/IEC 27001:2022, Annex A", date: "2022-10"}
package keyproof.rules.quorum.in_time

import data.keyproof.finding
import data.keyproof.installation
import data.keyproof.parameters

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": installation.known,
	"faults": _faults,
	"observed": {
		"longestSeconds": _longest,
		"wantedMinutes": parameters.approving.quorumMinutes,
	},
})

default _applicable := false

_applicable if not installation.known

_applicable if count(_waited) > 0

_waited contains approved if {
	some approved in input.installation.approvals
	installation.recent(approved.time)
	is_number(approved.seconds)
}

default _longest := null

_longest := max({approved.seconds | some approved in _waited})

_faults contains concat(" ", [approved.operation, approved.approval]) if {
	some approved in _waited
	approved.seconds > parameters.approving.quorumMinutes * 60
}
