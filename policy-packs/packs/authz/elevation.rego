# Elevation: a role or a hat on some keys for some time. Who may ask for which, for how long and by whose approval; and what an
# elevation that stands adds to a call of its holder. The signatures were verified before, and only elevations of the caller that cover
# the key are in the input.
package keyproof.authz

import data.keyproof.parameters

# Time is compared here, so that no memory of a decision outlives an elevation; it stands beside each, for a decision without any is the
# same in every second. A broken glass lets nobody destroy.
_active contains elevation if {
	some elevation in input.elevations
	elevation.until > elevation.now
	not _too_much(elevation)
}

_too_much(elevation) if {
	elevation.breakGlass
	_effect == "destroy"
}

_roles := _own_roles | {elevation.role | some elevation in _active}

_permits(roles) if {
	some role in roles
	input.operation in parameters.roles[role]
}

# A lent role is used only where no own one permits, and puts its hat on as any other.
_hats contains parameters.hats[elevation.role] if {
	some elevation in _active
	_permits({elevation.role})
	not _permits(_own_roles)
}

_lending contains elevation.id if {
	some elevation in _active
	_permits({elevation.role})
	not _permits(_own_roles)
}

# A lent hat is worn for that time in place of the one that is on. A broken glass lends the role's hat with the role.
_hat_lent contains elevation.id if {
	some elevation in _active
	elevation.hat in _hats
}

_hat_lent contains elevation.id if {
	some elevation in _active
	elevation.breakGlass
	parameters.hats[elevation.role] in _hats
	not _permits(_own_roles)
}

_hat_serving contains id if {
	some id in _hat_lent
	count(_hats | _worn) > 1
}

checks["hat"] if count(_hat_lent) > 0

# The elevation that the call is made under, also where something else is in its way: the one that lends the role, before one that lends
# no more than the hat.
obligations["elevation"] := min(_lending)

obligations["elevation"] := min(_hat_serving) if count(_lending) == 0

_terms := input.request.parameters

default _glass_broken := false

_glass_broken := _terms.breakGlass

_offer := parameters.elevation.roles[_terms.role] if {
	not _glass_broken
	not _terms.hat
}

_offer := parameters.elevation.hats[_terms.hat] if {
	not _glass_broken
	not _terms.role
}

_offer := parameters.elevation.breakGlass if {
	_glass_broken
	not _terms.hat
	_terms.role in parameters.elevation.breakGlass.roles
	_terms.keys >= 1
	_terms.keys <= parameters.elevation.breakGlass.maximumKeys
}

_offered if {
	_terms.minutes >= 1
	_terms.minutes <= _offer.maximumMinutes
}

_offered_to_actor if {
	_offered
	some role in _offer.to
	role in _own_roles
}

_quorum := _offer.quorum if _lends_by_quorum

_lends_by_quorum if {
	input.operation in {"ActivateElevation", "HoldElevation"}
	not _glass_broken
}

obligations["breakGlass"] := {
	"validSeconds": parameters.elevation.breakGlass.validSeconds,
	"reviewHours": parameters.elevation.breakGlass.reviewHours,
} if {
	input.operation in {"RequestElevation", "BreakGlass"}
	_glass_broken
}

checks["elevation"] if not input.operation in {
	"RequestElevation", "ActivateElevation", "BreakGlass", "HoldElevation", "EndElevation", "ReviewElevation", "ReadSession",
	"ExportSession",
}

checks["elevation"] if {
	input.operation == "RequestElevation"
	_offered_to_actor
}

checks["elevation"] if {
	input.operation == "ActivateElevation"
	_offered_to_actor
	not _glass_broken
	_own_elevation
}

checks["elevation"] if {
	input.operation == "BreakGlass"
	_offered_to_actor
	_glass_broken
	_own_elevation
	_by_hard_token
	_unexpired
}

# Every broker asks this of an elevation before it counts there: the approval is what was used for it.
checks["elevation"] if {
	input.operation == "HoldElevation"
	_offered
	_founded
}

_founded if {
	not _glass_broken
	input.approvals["required-for"] == "ActivateElevation"
}

_founded if {
	_glass_broken
	input.approvals["required-for"] == "BreakGlass"
	_by_hard_token
	_unexpired
}

checks["approval"] if {
	input.operation == "HoldElevation"
	input.approvals.key == ""
	_unexpired
}

_by_hard_token if {
	some approver in input.approvals.approvers
	approver.id == input.approvals.requester
	_hard(approver)
}

_hard(approver) if approver.key in parameters.elevation.breakGlass.hardTokens

_hard(approver) if approver.aaguid in parameters.hardTokens

_own_elevation if input.elevation.holder == input.actor.id

checks["elevation"] if {
	input.operation == "EndElevation"
	_own_elevation
}

checks["elevation"] if {
	input.operation == "EndElevation"
	input.actor.id in input.elevation.approvers
}

checks["elevation"] if {
	input.operation == "EndElevation"
	"security" in _hats_of_own
}

_hats_of_own contains parameters.hats[role] if some role in _own_roles

# Nobody judges the own session, under whatever name, or is the only one who sees it; and none is judged before it is over.
checks["elevation"] if {
	input.operation == "ReviewElevation"
	input.elevation.breakGlass
	input.elevation.ended
	_person(input.elevation.holder) != _person(input.actor.id)
	some hat in parameters.elevation.breakGlass.reviewers
	hat in _hats_of_own
}

checks["elevation"] if {
	input.operation in {"ReadSession", "ExportSession"}
	_person(input.elevation.holder) != _person(input.actor.id)
}
