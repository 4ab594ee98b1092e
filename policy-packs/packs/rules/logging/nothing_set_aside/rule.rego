# METADATA
# title: Every record could be read
# description: >-
#   Within the days that policy looks back no record was set aside, since it was damaged, posed as
#   another's or had no place. It is judged where the sealed log is read; the stream has no such
#   entries.
# schemas:
#   - input: schema["compliance-input"]
# custom:
#   severity: medium
#   remediation: >-
#     Look at the artifacts that were set aside and at the reasons, and let the sources tell again what
#     they meant.
#   subject: log
#   reads:
#     log.first: "log: whether the whole log is read"
#     log.setAside: "log: entries quarantine/v1"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "AU-12", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: iso-27001, version: "2022", id: "A.8.15", source: "ISO/IEC 27001:2022, Annex A", date: "2022-10"}
#     - {framework: hipaa, version: "2013", id: "164.312(b)", source: "45 CFR Part 164, Subpart C", date: "2013-01"}
package keyproof.rules.logging.nothing_set_aside

import data.keyproof.finding
import data.keyproof.installation
import data.keyproof.log

result := finding.of(rego.metadata.chain(), {
	"applicable": true,
	"evaluated": log.known,
	"faults": _faults,
	"observed": {"last": _last},
})

default _last := null

_last := input.log.setAside.last

_faults contains "set-aside" if installation.recent(_last)
