# METADATA
# title: Who approves was enrolled by approval
# description: >-
#   Each approver was enrolled by approval of others, but for those whom the first start enrolled.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: critical
#   remediation: >-
#     Revoke who was enrolled so, by a quorum of the others, and find out who emptied the book of
#     approvers.
#   subject: installation
#   reads:
#     installation.approvers: "event: EnrolApprover and RevokeApprover, with unmapped.keyproof.detail"
#     installation.first: "event: time of every event of a broker that is no use of a key"
#     installation.told.EnrolApprover: "event: service events EnrolApprover, the first approvers"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "AC-3(2)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: pci-dss, version: "4.0.1", id: "3.6.1.3", source: "PCI DSS 4.0.1", date: "2024-06"}
package keyproof.rules.quorum.enrolment_approved

import data.keyproof.finding
import data.keyproof.installation
import data.keyproof.parameters

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": _evaluated,
	"faults": _faults,
	"observed": {"approvers": sort(_all)},
})

default _applicable := false

_applicable if not installation.known

_applicable if count(_all) > 0

# Whom the first start enrolled is known only where that is remembered.
default _evaluated := false

_evaluated if {
	installation.known
	is_number(input.installation.told.EnrolApprover.first)
}

_all contains id if some id, _ in input.installation.approvers

_faults contains id if {
	some id, approver in input.installation.approvers
	not approver.approval
	approver.since > input.installation.told.EnrolApprover.first + parameters.tolerances.graceSeconds
}
