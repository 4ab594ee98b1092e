# METADATA
# title: What a token holds is what was ordered
# description: >-
#   Within the days that policy looks back the token held no object that nobody ordered, lacked none
#   that was, and none was changed.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: critical
#   remediation: >-
#     Take the token out of service, find out who has its PIN, and compare it with the record of births.
#     What is still so is told again when the broker starts.
#   subject: token
#   reads:
#     token.first: "event: service events with unmapped.keyproof.detail.token"
#     token.tampered: "read-back: DeviceTampered, with unmapped.keyproof.detail.kind, .label and .difference"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.7.7", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: nist-800-53, version: "r5", id: "SI-7(6)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
package keyproof.rules.device.not_tampered

import data.keyproof.finding
import data.keyproof.installation
import data.keyproof.parameters

result := finding.of(rego.metadata.chain(), {
	"applicable": true,
	"evaluated": _evaluated,
	"faults": _faults,
	"observed": {"days": parameters.tolerances.lookBackDays},
})

default _evaluated := false

_evaluated if is_number(input.token.first)

_faults contains concat(": ", [object_.label, object_.difference]) if {
	some object_ in input.token.tampered
	installation.recent(object_.time)
}
