# METADATA
# title: Every event says who, what, when, where, from where and how it ended
# description: >-
#   Of the operations on keys that were sealed within the days that policy looks back none lacks its
#   caller, its name, its time, its source, where the call came from, or whether it was done. It is
#   judged where the sealed log is read; the stream has no such entries.
# schemas:
#   - input: schema["compliance-input"]
# custom:
#   severity: medium
#   remediation: >-
#     Mend the source whose events lack it, or the table that makes events of its records.
#   subject: log
#   reads:
#     log.first: "log: whether the whole log is read"
#     log.lacking: "event: actor, api.operation, time, metadata.source, src_endpoint and status_id of operations and observed operations"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "AU-3", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: iso-27001, version: "2022", id: "A.8.15", source: "ISO/IEC 27001:2022, Annex A", date: "2022-10"}
#     - {framework: hipaa, version: "2013", id: "164.312(b)", source: "45 CFR Part 164, Subpart C", date: "2013-01"}
package keyproof.rules.logging.content_complete

import data.keyproof.finding
import data.keyproof.installation
import data.keyproof.log

result := finding.of(rego.metadata.chain(), {
	"applicable": true,
	"evaluated": log.known,
	"faults": _faults,
	"observed": {},
})

_faults contains what if {
	some what, lacking in input.log.lacking
	installation.recent(lacking.last)
}
