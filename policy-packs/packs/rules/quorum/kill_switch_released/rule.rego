# METADATA
# title: The kill switch is released by approval
# description: >-
#   Where the kill switch was turned off, that was approved.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: high
#   remediation: >-
#     Find out under which policy it was released; turn it on again while nobody knows why it had been
#     turned on.
#   subject: installation
#   reads:
#     installation.first: "event: time of every event of a broker that is no use of a key"
#     installation.switch: "event: outcomes of SetKillSwitch, with unmapped.keyproof.detail.on and .approval"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "AC-3(2)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: nist-800-53, version: "r5", id: "CM-3(6)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
package keyproof.rules.quorum.kill_switch_released

import data.keyproof.finding
import data.keyproof.installation

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": installation.known,
	"faults": _faults,
	"observed": {"switch": _switch},
})

default _applicable := false

_applicable if not installation.known

_applicable if input.installation.switch.on == false

default _switch := null

_switch := input.installation.switch

_faults contains "not-approved" if not input.installation.switch.approval
