# METADATA
# title: No two records claim one place
# description: >-
#   Within the days that policy looks back no source told another record under a number under which one
#   was sealed. It is judged where the sealed log is read; the stream has no such entries.
# schemas:
#   - input: schema["compliance-input"]
# custom:
#   severity: critical
#   remediation: >-
#     Compare the two, one of which is kept as the artifact that the finding names; find out who can write
#     in the name of the source.
#   subject: log
#   reads:
#     log.first: "log: whether the whole log is read"
#     log.found.continuity-conflict: "log: findings of uid continuity-conflict-"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "AU-9", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: pci-dss, version: "4.0.1", id: "10.3.2", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: pci-dss, version: "4.0.1", id: "10.3.4", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: iso-27001, version: "2022", id: "A.8.15", source: "ISO/IEC 27001:2022, Annex A", date: "2022-10"}
package keyproof.rules.logging.one_record_per_place

import data.keyproof.finding
import data.keyproof.installation
import data.keyproof.log

result := finding.of(rego.metadata.chain(), {
	"applicable": true,
	"evaluated": log.known,
	"faults": _faults,
	"observed": {"last": _last},
})

_last := log.found("continuity-conflict")

_faults contains "two-records" if installation.recent(_last)
