# METADATA
# title: Every elevation stands on its approval
# description: >-
#   Within the days that policy looks back no elevation stood in the broker's database that its approval
#   does not cover.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: critical
#   remediation: >-
#     End the elevation, and find out who changed the broker's database or who was revoked.
#   subject: installation
#   reads:
#     installation.first: "event: time of every event of a broker that is no use of a key"
#     installation.told.ElevationUnfounded: "event: service events ElevationUnfounded"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "AC-3(2)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: nist-800-53, version: "r5", id: "SI-7(6)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
package keyproof.rules.device.elevations_founded

import data.keyproof.finding
import data.keyproof.installation

result := finding.of(rego.metadata.chain(), {
	"applicable": true,
	"evaluated": installation.known,
	"faults": _faults,
	"observed": {"last": _last},
})

_last := installation.told("ElevationUnfounded")

_faults contains "unfounded" if installation.recent(_last)
