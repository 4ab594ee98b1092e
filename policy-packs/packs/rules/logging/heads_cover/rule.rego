# METADATA
# title: Signed heads cover the records of every source
# description: >-
#   Every source signed heads over what was sealed of it within the time that policy gives, and within
#   the days that policy looks back no head said otherwise than what was sealed. It is judged where the
#   sealed log is read; the stream has no such entries.
# schemas:
#   - input: schema["compliance-input"]
# custom:
#   severity: critical
#   remediation: >-
#     Compare the journal of the broker with the log, from the place that the finding names. What differs
#     was altered between the two.
#   subject: log
#   reads:
#     log.first: "log: whether the whole log is read"
#     log.unattested: "log: findings of uid continuity-unattested-, after which no entry attestation/v1 covered the place"
#     log.found.continuity-head: "log: findings of uid continuity-head-"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "AU-9(3)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: nist-800-53, version: "r5", id: "AU-10", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: pci-dss, version: "4.0.1", id: "10.3.2", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: iso-27001, version: "2022", id: "A.8.15", source: "ISO/IEC 27001:2022, Annex A", date: "2022-10"}
#     - {framework: hipaa, version: "2013", id: "164.312(c)(2)", source: "45 CFR Part 164, Subpart C", date: "2013-01"}
package keyproof.rules.logging.heads_cover

import data.keyproof.finding
import data.keyproof.installation
import data.keyproof.log

result := finding.of(rego.metadata.chain(), {
	"applicable": true,
	"evaluated": log.known,
	"faults": _faults,
	"observed": {"last": _last},
})

_last := log.found("continuity-head")

_faults contains "another-head" if installation.recent(_last)

_faults contains log.from(source, waiting) if {
	some source, waiting in input.log.unattested
	log.settled(waiting.time)
}
