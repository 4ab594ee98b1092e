# METADATA
# title: Nothing speaks against the log
# description: >-
#   Within the days that policy looks back no witness contradicted the log, its copy in a bucket went on
#   and stayed locked, the search index said what the log holds, and every legal hold had a sound
#   approval. It is judged where the sealed log is read; the stream has no such entries.
# schemas:
#   - input: schema["compliance-input"]
# custom:
#   severity: critical
#   remediation: >-
#     Hold log, copy and cosigned heads against each other (./keyproof evidence compare), which names the
#     first entry in which they differ and who lies.
#   subject: log
#   reads:
#     log.first: "log: whether the whole log is read"
#     log.found: "log: findings of uid log-, by finding_info.analytic.uid"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "AU-9", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: nist-800-53, version: "r5", id: "AU-9(3)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: pci-dss, version: "4.0.1", id: "10.3.2", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: iso-27001, version: "2022", id: "A.8.15", source: "ISO/IEC 27001:2022, Annex A", date: "2022-10"}
#     - {framework: hipaa, version: "2013", id: "164.312(c)(2)", source: "45 CFR Part 164, Subpart C", date: "2013-01"}
package keyproof.rules.logging.undisputed

import data.keyproof.finding
import data.keyproof.installation
import data.keyproof.log

result := finding.of(rego.metadata.chain(), {
	"applicable": true,
	"evaluated": log.known,
	"faults": _faults,
	"observed": {},
})

_faults contains kind if {
	some kind, found in input.log.found
	startswith(kind, "log-")
	installation.recent(found.last)
}
