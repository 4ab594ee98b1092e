# METADATA
# title: The journal has room
# description: >-
#   Within the days that policy looks back no broker refused calls because the disk of its journal was
#   full.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: high
#   remediation: >-
#     Give the journal more room, and see how fast it fills.
#   subject: installation
#   reads:
#     installation.first: "event: time of every event of a broker that is no use of a key"
#     installation.told.JournalGap: "event: service events JournalGap"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "AU-4", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: nist-800-53, version: "r5", id: "AU-5", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: pci-dss, version: "4.0.1", id: "10.2.1.6", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: iso-27001, version: "2022", id: "A.8.15", source: "ISO/IEC 27001:2022, Annex A", date: "2022-10"}
package keyproof.rules.logging.journal_never_full

import data.keyproof.finding
import data.keyproof.installation

result := finding.of(rego.metadata.chain(), {
	"applicable": true,
	"evaluated": installation.known,
	"faults": _faults,
	"observed": {"last": _last},
})

_last := installation.told("JournalGap")

_faults contains "was-full" if installation.recent(_last)
