# METADATA
# title: The brokers' database has not gone back
# description: >-
#   Within the days that policy looks back no broker met a database that was older than what it had seen
#   of it.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: critical
#   remediation: >-
#     Restore the newest state of the database; look for keys and approvals that came back with the older
#     one.
#   subject: installation
#   reads:
#     installation.first: "event: time of every event of a broker that is no use of a key"
#     installation.told.RefuseOlderState: "event: service events RefuseOlderState"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "SI-7(6)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
package keyproof.rules.device.state_not_older

import data.keyproof.finding
import data.keyproof.installation

result := finding.of(rego.metadata.chain(), {
	"applicable": true,
	"evaluated": installation.known,
	"faults": _faults,
	"observed": {"last": _last},
})

_last := installation.told("RefuseOlderState")

_faults contains "older" if installation.recent(_last)
