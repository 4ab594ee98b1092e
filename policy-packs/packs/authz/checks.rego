# The checks that a decision is made of, each true or absent.
package keyproof.authz

import data.keyproof.frameworks
import data.keyproof.parameters

_operation := parameters.operations[input.operation]

_effect := _operation.effect

_on_key := {"read", "manage", "exempt", "renew", "destroy", "protect", "process"}

checks["operation"] if _operation

checks["actor"] if trim_space(input.actor.id) != ""

checks["role"] if {
	some role in _roles
	input.operation in parameters.roles[role]
}

# Approval is asked for what the asker's own roles permit.
checks["request"] if input.operation != "RequestApproval"

checks["request"] if {
	some role in _roles
	input.request.parameters.for in parameters.roles[role]
}

checks["separation"] if {
	is_array(input.actor.roles)
	every pair in parameters.separation {
		not _holds_both(pair)
	}
}

_holds_both(pair) if {
	every role in pair {
		role in _roles
	}
}

checks["kill-switch"] if object.get(input, "killSwitch", false) == false

checks["kill-switch"] if input.operation in parameters.killSwitch.permitted

checks["batch"] if object.get(input.request, "batch", 1) == 1

checks["batch"] if {
	_effect in parameters.batch.effects
	input.request.batch > 1
	input.request.batch <= parameters.batch.maximum
}

checks["key"] if not _effect in _on_key

checks["key"] if input.key.id

checks["key"] if _asks_for_no_key

checks["state"] if _asks_for_no_key

# Approval may be asked for what is done on no key, such as unlocking the kill switch.
_asks_for_no_key if {
	input.operation == "RequestApproval"
	not input.key
	parameters.operations[input.request.parameters.for].effect in {"service", "enrol", "export", "hold"}
}

checks["state"] if not _operation.states

checks["state"] if input.key.state in _operation.states

checks["purpose"] if not _effect in {"create", "protect", "process"}

checks["purpose"] if input.key.purpose in _operation.purposes

checks["purpose"] if {
	_effect == "create"
	input.request.purpose in parameters.algorithms[input.request.algorithm].purposes
}

checks["algorithm"] if not _effect in {"create", "renew", "protect", "process"}

checks["algorithm"] if {
	_effect == "create"
	parameters.algorithms[input.request.algorithm].protect
}

checks["algorithm"] if {
	_effect in {"renew", "protect"}
	parameters.algorithms[input.key.algorithm].protect
}

checks["algorithm"] if {
	_effect == "process"
	parameters.algorithms[input.key.algorithm].process
}

# What a data key is for is said by its algorithm, and every one of a batch must be allowed.
checks["data-key"] if input.operation != "GenerateDataKey"

checks["data-key"] if {
	count(input.request.parameters.dataKeys) > 0
	every algorithm in input.request.parameters.dataKeys {
		parameters.dataKeys[algorithm].permitted
	}
}

# A key may name who uses it; one that names nobody is open to every caller whose role permits.
checks["caller"] if not _effect in {"protect", "process"}

checks["caller"] if not _callers_named

_callers_named if "callers" in object.keys(input.key.tags)

checks["caller"] if input.actor.id in split(input.key.tags.callers, " ")

# What is to be rotated is rotated before its cryptoperiod ends.
checks["rotation-period"] if {
	_effect != "create"
	not _rotation_named
}

checks["rotation-period"] if {
	_effect == "create"
	not _rotation_named
	parameters.rotation[input.request.purpose].days <= parameters.cryptoperiods[input.request.purpose].days
}

checks["rotation-period"] if {
	input.request.parameters.rotationPeriodDays <= parameters.cryptoperiods[_serves].days
}

_serves := input.request.purpose if _effect == "create"

_serves := input.key.purpose if _effect != "create"

_rotation_named if "rotationPeriodDays" in object.keys(input.request.parameters)

# Between the order and the destruction lies time to think again.
checks["destruction-window"] if input.operation != "ScheduleDestruction"

checks["destruction-window"] if {
	input.operation == "ScheduleDestruction"
	input.request.parameters.days >= parameters.destruction.minimumDays
	input.request.parameters.days <= parameters.destruction.maximumDays
}

# A key may fail a rule that there is, for no longer than policy leaves.
checks["exception"] if input.operation != "GrantException"

checks["exception"] if {
	input.operation == "GrantException"
	input.request.parameters.days >= 1
	input.request.parameters.days <= parameters.exceptions.maximumDays
	_is_rule(input.request.parameters.rule)
}

_is_rule(name) if {
	some framework in frameworks
	some control in framework.controls
	name in control.rules
}
