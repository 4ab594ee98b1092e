# What must hold besides: where a call comes from, when, by which proof, and for which change.
package keyproof.authz

import data.keyproof.parameters

_unmet contains condition.name if {
	some condition in parameters.conditions
	_concerns(condition)
	not _met(condition)
}

# Whether a condition is about this operation on a key with these tags, of such a residency.
_concerns(condition) if {
	input.operation in condition.operations
	_of_residency(condition)
	every tag, value in object.get(condition, "tags", {}) {
		input.key.tags[tag] == value
	}
}

_of_residency(condition) if not "residencies" in object.keys(condition)

_of_residency(condition) if input.key.residency in condition.residencies

_met(condition) if {
	_listed(condition, "methods", _method)
	_listed(condition, "postures", _posture)
	_listed(condition, "systems", _system)
	_listed(condition, "weekdays", _weekday)
	_from_network(condition)
	_within_hours(condition)
}

default _method := null

_method := input.actor.method

default _posture := null

_posture := input.actor.posture

default _system := null

_system := input.request.asn

default _weekday := null

_weekday := input.time.weekday

_listed(condition, name, _) if not name in object.keys(condition)

_listed(condition, name, value) if value in condition[name]

_from_network(condition) if not "networks" in object.keys(condition)

_from_network(condition) if {
	some network in condition.networks
	net.cidr_contains(network, input.request.source)
}

_within_hours(condition) if not "hours" in object.keys(condition)

_within_hours(condition) if {
	input.time.hour >= condition.hours.from
	input.time.hour < condition.hours.to
}

checks["change"] if not _change_required

# What is due was ordered under a change.
checks["change"] if "scheduler" in input.actor.roles

checks["change"] if {
	input.request.change.status in parameters.changes.statuses
	_approved_for_that_change
}

_change_required if {
	some rule in parameters.changes.required
	_concerns(rule)
}

_approved_for_that_change if not _approved_change

_approved_change := input.approvals.change

_approved_for_that_change if _approved_change == input.request.change.id
