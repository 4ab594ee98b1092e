# Who may approve: several approve that too, and enough of them stay.
package keyproof.authz

import data.keyproof.parameters

# Who calls or approves under several names is one person.
_person(id) := name if {
	some name, ids in parameters.persons
	id in ids
} else := id

# Whoever may approve may ask for the own enrolment.
checks["role"] if _asks_for_own_enrolment

checks["request"] if _asks_for_own_enrolment

_asks_for_own_enrolment if {
	input.operation == "RequestApproval"
	input.request.parameters.for == "EnrolApprover"
	_person(input.request.parameters.approver) == _person(input.actor.id)
	some role in _roles
	"Approve" in parameters.roles[role]
}

checks["approvers"] if not input.operation in {"EnrolApprover", "RevokeApprover"}

# No quorum may come out of reach: of each role that somebody loses by this, as many people are left as any quorum asks for.
checks["approvers"] if {
	is_array(input.approvals.enrolled)
	is_string(input.approvals.approver)
	every quorum in parameters.quorums {
		_left_enough(quorum)
	}
}

_left_enough(quorum) if not quorum.role in (_roles_before - _roles_after)

_left_enough(quorum) if {
	others := {_person(approver.id) |
		some approver in input.approvals.enrolled
		approver.id != input.approvals.approver
		quorum.role in approver.roles
	}
	count(others) >= quorum.approvers
}

_roles_before contains role if {
	some approver in input.approvals.enrolled
	approver.id == input.approvals.approver
	some role in approver.roles
}

_roles_after contains role if {
	input.operation == "EnrolApprover"
	some role in split(input.request.parameters.roles, " ")
}
