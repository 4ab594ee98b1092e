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

# No quorum may come out of reach, not those of elevations either: where somebody counts no more, as many people are left as it asks for.
checks["approvers"] if {
	is_array(input.approvals.enrolled)
	is_string(input.approvals.approver)
	every quorum in _quorums {
		_left_enough(quorum)
	}
}

_quorums contains quorum if some quorum in parameters.quorums

_quorums contains offer.quorum if some offer in parameters.elevation.roles

_quorums contains offer.quorum if some offer in parameters.elevation.hats

_left_enough(quorum) if count(_counting(quorum, input.approvals.enrolled) - _counting(quorum, _enrolled_after)) == 0

_left_enough(quorum) if count(_counting(quorum, _enrolled_after)) >= quorum.approvers

_counting(quorum, approvers) := {_person(approver.id) |
	some approver in approvers
	quorum.role in approver.roles
	_suits(quorum, approver)
}

_enrolled_after contains approver if {
	some approver in input.approvals.enrolled
	approver.id != input.approvals.approver
}

_enrolled_after contains approver if {
	input.operation == "EnrolApprover"
	approver := {
		"id": input.approvals.approver,
		"roles": split(input.request.parameters.roles, " "),
		"aaguid": object.get(input.request.parameters, "aaguid", ""),
	}
}
