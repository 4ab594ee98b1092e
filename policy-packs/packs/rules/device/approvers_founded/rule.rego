# METADATA
# title: The book of approvers is as the record says
# description: >-
#   Within the days that policy looks back no entry of the book of approvers differed from the record of
#   its enrolment.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: critical
#   remediation: >-
#     Find out who changed the broker's database, and restore the book from the record.
#   subject: installation
#   reads:
#     installation.first: "event: time of every event of a broker that is no use of a key"
#     installation.told.ApproverTampered: "event: service events ApproverTampered"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "AC-3(2)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: nist-800-53, version: "r5", id: "SI-7(6)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: pci-dss, version: "4.0.1", id: "10.2.1.5", source: "PCI DSS 4.0.1", date: "2024-06"}
package keyproof.rules.device.approvers_founded

import data.keyproof.finding
import data.keyproof.installation

result := finding.of(rego.metadata.chain(), {
	"applicable": true,
	"evaluated": installation.known,
	"faults": _faults,
	"observed": {"last": _last},
})

_last := installation.told("ApproverTampered")

_faults contains "tampered" if installation.recent(_last)
