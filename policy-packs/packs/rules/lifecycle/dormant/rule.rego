# METADATA
# title: Is used, or not kept
# description: >-
#   An active key was used within the days that policy allows, or is younger than that.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: low
#   remediation: >-
#     Ask its owner whether the key is still needed; if not, deactivate it.
#   subject: key
#   reads:
#     history.states: "event: resources[0].data.state of every change"
#     history.uses: "event: outcomes of every use"
#     key.state: "event: resources[0].data of every change"
#   controls:
#     - {framework: iso-27001, version: "2022", id: "A.8.24", source: "ISO/IEC 27001:2022, Annex A", date: "2022-10"}
package keyproof.rules.lifecycle.dormant

import data.keyproof.finding
import data.keyproof.history
import data.keyproof.parameters

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": _evaluated,
	"faults": _faults,
	"observed": {
		"lastUse": history.last_use,
		"activeSince": history.since,
		"allowedDays": parameters.tolerances.dormantDays,
	},
})

default _applicable := false

_applicable if input.key.state == "active"

default _evaluated := false

_evaluated if is_number(history.since)

# Of what there was no use yet, what is null counts less than any time.
_faults contains "dormant" if {
	latest := max([history.since, history.last_use])
	history.age(latest) > parameters.tolerances.dormantDays * 86400
}
