# Who acts: the roles that the proof carries and those that the data grants, and the hat that goes with them.
package keyproof.authz

import data.keyproof.parameters

_own_roles contains role if some role in input.actor.roles

_own_roles contains role if some role in _granted

_granted contains role if {
	some grant in parameters.grants
	grant.method == input.actor.method
	some id in grant.ids
	glob.match(id, ["/"], input.actor.id)
	some role in grant.roles
}

_granted contains role if {
	some grant in parameters.grants
	grant.method == input.actor.method
	some group in grant.groups
	group in input.actor.groups
	some role in grant.roles
}

# For the record: only here is known what the data grants, and rules judge an account by the roles that its record shows. What an
# elevation lends is none of them.
obligations["granted"] := sort(_by_data) if count(_by_data) > 0

_by_data := _granted - {role | some role in input.actor.roles}

# Operations, security and audit are three hats, and nobody wears two on one key: neither now nor one after the other.
checks["hat"] if count(_hats | _worn) <= 1

checks["hat"] if not _about_a_key

_hats contains parameters.hats[role] if {
	some role in _own_roles
	input.operation in parameters.roles[role]
}

_worn contains input.actor.hat

_about_a_key if input.key.id

_about_a_key if {
	input.operation == "Approve"
	input.approvals.key != ""
}

_about_a_key if _effect == "create"

# The hat that the actor puts on by this call, if it is not on yet.
obligations["wear"] := hat if {
	allow
	_about_a_key
	count(_worn) == 0
	count(_hat_lent) == 0
	some hat in _hats
}
