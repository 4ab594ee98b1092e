# METADATA
# title: Policy has an answer to every call
# description: >-
#   Within the days that policy looks back no decision failed and none was undefined; such calls are
#   refused.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: high
#   remediation: >-
#     Find the calls whose decision has the reason error or undefined, and mend the policy or what it is
#     asked.
#   subject: installation
#   reads:
#     installation.first: "event: time of every event of a broker that is no use of a key"
#     installation.undecided: "event: outcomes with error or undefined among decision.result.reasons"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "CA-7", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: nist-800-53, version: "r5", id: "SI-7(6)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
package keyproof.rules.platform.policy_decides

import data.keyproof.finding
import data.keyproof.installation

result := finding.of(rego.metadata.chain(), {
	"applicable": true,
	"evaluated": installation.known,
	"faults": _faults,
	"observed": {"undecided": _undecided},
})

default _undecided := null

_undecided := input.installation.undecided

_faults contains "undecided" if installation.recent(_undecided.last)
