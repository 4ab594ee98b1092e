# METADATA
# title: People are told of what waits for them
# description: >-
#   Within the days that policy looks back every notice of an approval was delivered within a day.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: medium
#   remediation: >-
#     Repair the channel; ask for what waits by hand meanwhile.
#   subject: installation
#   reads:
#     installation.first: "event: time of every event of a broker that is no use of a key"
#     installation.told.NoticeFailed: "event: service events NoticeFailed"
#   controls:
#     - {framework: iso-27001, version: "2022", id: "A.8.16", source: "ISO/IEC 27001:2022, Annex A", date: "2022-10"}
package keyproof.rules.platform.notices_reach

import data.keyproof.finding
import data.keyproof.installation

result := finding.of(rego.metadata.chain(), {
	"applicable": true,
	"evaluated": installation.known,
	"faults": _faults,
	"observed": {"last": _last},
})

_last := installation.told("NoticeFailed")

_faults contains "not-delivered" if installation.recent(_last)
