# METADATA
# title: One approver may be away
# description: >-
#   Of each role that approves, as many people more are enrolled as policy wants than its largest quorum
#   asks for.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: medium
#   remediation: >-
#     Enrol another approver, by approval.
#   subject: installation
#   reads:
#     installation.approvers: "event: EnrolApprover and RevokeApprover, with unmapped.keyproof.detail"
#     installation.first: "event: time of every event of a broker that is no use of a key"
#     installation.told.EnrolApprover: "event: service events EnrolApprover, the first approvers"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "AC-3(2)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: nist-800-53, version: "r5", id: "SC-12(1)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: pci-dss, version: "4.0.1", id: "3.6.1.3", source: "PCI DSS 4.0.1", date: "2024-06"}
package keyproof.rules.quorum.approvers_enough

import data.keyproof.finding
import data.keyproof.installation
import data.keyproof.parameters
import data.keyproof.person

result := finding.of(rego.metadata.chain(), {
	"applicable": true,
	"evaluated": _evaluated,
	"faults": _faults,
	"observed": {
		"people": {role: count(_people(role)) | some role, _ in _wanted},
		"wanted": _wanted,
	},
})

# Whose enrolment was not seen may be enrolled all the same.
default _evaluated := false

_evaluated if {
	installation.known
	is_number(input.installation.told.EnrolApprover.first)
}

_wanted[role] := max({quorum.approvers | some quorum in parameters.quorums; quorum.role == role}) + parameters.tolerances.spareApprovers if {
	some quorum in parameters.quorums
	role := quorum.role
}

_people(role) := {person.of(id) |
	some id, approver in input.installation.approvers
	role in approver.roles
}

_faults contains role if {
	some role, wanted in _wanted
	count(_people(role)) < wanted
}
