# Dual control. The signatures were verified before; what is judged here is whether the verified people are
# enough, are the right ones, and approved this very operation on this very key.
package keyproof.authz

import data.keyproof.parameters

_quorum := quorum if {
	quorum := parameters.quorums[input.operation]
	_asked_when(object.get(quorum, "when", {}))
}

# A quorum may be asked for some uses of an operation alone: with these parameters, on keys of this purpose with these tags.
_asked_when(condition) if {
	_purpose_meant(condition)
	every name, value in object.get(condition, "parameters", {}) {
		input.request.parameters[name] == value
	}
	every name, value in object.get(condition, "tags", {}) {
		input.key.tags[name] == value
	}
}

_purpose_meant(condition) if not condition.purpose

_purpose_meant(condition) if condition.purpose == input.key.purpose

checks["approval"] if {
	not _quorum
	input.operation != "Approve"
}

checks["approval"] if {
	_quorum
	input.approvals["required-for"] == input.operation
	input.approvals.key == _subject
	_unexpired
	_given_to_requester
}

# What leaves the broker by approval leaves to whom it was approved for.
_given_to_requester if not _effect in {"process", "export"}

_given_to_requester if _person(input.approvals.requester) == _person(input.actor.id)

default _subject := ""

_subject := input.key.id

# A destruction that was scheduled with approval needs no other when it is due.
checks["approval"] if {
	input.operation == "DestroyKey"
	"scheduler" in input.actor.roles
	input.approvals["required-for"] == "ScheduleDestruction"
	input.approvals.key == input.key.id
	input.request.parameters.due <= input.time.epoch
}

# Whoever asked for an operation does not approve it, nor who is to be enrolled or revoked by it.
checks["approval"] if {
	input.operation == "Approve"
	input.approvals.requester
	not _person(input.actor.id) in _concerned
	_unexpired
}

_concerned contains _person(input.approvals.requester)

_concerned contains _person(input.approvals.approver)

_unexpired if not _expires

_expires if "expires" in object.keys(input.approvals)

_unexpired if input.approvals.expires > input.time.epoch

# What destroys, what carries keys away, what holds evidence and what exempts from a rule need a quorum, whatever the data says, and so does who may approve.
checks["quorum"] if {
	not _quorum
	not _effect in {"destroy", "enrol", "export", "hold", "exempt"}
}

checks["quorum"] if {
	_quorum.approvers >= 1
	count(_approvers) >= _quorum.approvers
}

# People count, not their names.
_approvers contains _person(approver.id) if {
	input.approvals.requester
	some approver in input.approvals.approvers
	_quorum.role in approver.roles
	not _person(approver.id) in _concerned
	_person(approver.id) != _person(input.actor.id)
	_suits(_quorum, approver)
}

# A quorum may count those alone whose key is in a hard token.
_suits(quorum, _) if not quorum.hardToken

_suits(_, approver) if approver.aaguid in parameters.hardTokens
