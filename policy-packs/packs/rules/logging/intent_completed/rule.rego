# METADATA
# title: What was begun has an end on the record
# description: >-
#   Each intent that is on the record is completed by an outcome within the minutes that policy allows.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: high
#   remediation: >-
#     See whether the broker runs that recorded the intent: it settles what is open when it starts and as
#     soon as its database answers.
#   subject: installation
#   reads:
#     installation.first: "event: time of every event of a broker that is no use of a key"
#     installation.open: "event: unmapped.keyproof.kind intent without an outcome whose unmapped.keyproof.intent names it"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "AU-10", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: nist-800-53, version: "r5", id: "AU-12", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
package keyproof.rules.logging.intent_completed

import data.keyproof.finding
import data.keyproof.installation
import data.keyproof.parameters

result := finding.of(rego.metadata.chain(), {
	"applicable": true,
	"evaluated": installation.known,
	"faults": _faults,
	"observed": {
		"open": _open,
		"allowedMinutes": parameters.tolerances.openMinutes,
	},
})

default _open := null

_open := input.installation.open.count

_faults contains concat(" ", [intent.operation, intent.event]) if {
	some intent in input.installation.open.oldest
	input.time.epoch - intent.time > parameters.tolerances.openMinutes * 60
}
