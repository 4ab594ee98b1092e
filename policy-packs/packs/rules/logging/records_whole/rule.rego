# METADATA
# title: No record of a source is missing
# description: >-
#   Of every broker and every other source that numbers its records, those that did not arrive when a
#   later one was sealed came within the time that policy gives. It is judged where the sealed log is
#   read; the stream has no such entries.
# schemas:
#   - input: schema["compliance-input"]
# custom:
#   severity: high
#   remediation: >-
#     Find out what became of the records: read them from the journal of the broker, or from the copy of
#     the bucket, and let them be collected again.
#   subject: log
#   reads:
#     log.first: "log: whether the whole log is read"
#     log.gaps: "log: findings of uid continuity-gap-, whose unmapped.keyproof.detail.sequence was not sealed since"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "AU-12", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: pci-dss, version: "4.0.1", id: "10.2.1", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: pci-dss, version: "4.0.1", id: "10.2.1.6", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: pci-dss, version: "4.0.1", id: "10.3.4", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: iso-27001, version: "2022", id: "A.8.15", source: "ISO/IEC 27001:2022, Annex A", date: "2022-10"}
#     - {framework: hipaa, version: "2013", id: "164.312(b)", source: "45 CFR Part 164, Subpart C", date: "2013-01"}
package keyproof.rules.logging.records_whole

import data.keyproof.finding
import data.keyproof.log

result := finding.of(rego.metadata.chain(), {
	"applicable": true,
	"evaluated": log.known,
	"faults": _faults,
	"observed": {},
})

_faults contains log.from(source, gap) if {
	some source, gap in input.log.gaps
	log.settled(gap.time)
}
