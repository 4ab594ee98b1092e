# METADATA
# title: Went from state to state as the model permits
# description: >-
#   Every change of the key's state on the record is one that the model of states has.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: high
#   remediation: >-
#     Find the record of the change that is named, and who did it; treat the key as used without authority until
#     that is known.
#   subject: key
#   reads:
#     history.transitions: "event: unmapped.keyproof.decision.input.key.state and resources[0].data.state of every change"
#   controls:
#     - {framework: nist-800-57, version: "pt1r5", id: "7", source: "NIST SP 800-57 Part 1 Rev. 5", date: "2020-05"}
#     - {framework: nist-800-53, version: "r5", id: "SC-12", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
package keyproof.rules.lifecycle.legal_transitions

import data.keyproof.finding
import data.keyproof.history
import data.keyproof.parameters

result := finding.of(rego.metadata.chain(), {
	"applicable": true,
	"evaluated": history.known,
	"faults": _faults,
	"observed": {
		"transitions": _seen,
	},
})

_seen := sort([concat("-to-", [each.from, each.to]) | some each in input.history.transitions])

_faults contains concat("-to-", [each.from, each.to]) if {
	some each in input.history.transitions
	not _legal(each)
}

_legal(each) if each.to in parameters.transitions[each.from]
