# Why a decision is as it is, for people. No operation waits for this: it is asked for beside the decision, or afterwards.
package keyproof.authz

import data.keyproof.parameters

# METADATA
# entrypoint: true
explanation := {
	"decision": decision,
	"checks": _explained,
	"told": [_told(check) | some check in _explained; not check.holds],
}

# Where in the input each check looks, and at what there does the rest. Of the key itself it may matter whether there is one.
_looks_at := {
	"operation": ["operation"],
	"actor": ["actor.id"],
	"role": array.concat(_roles_from, ["request.parameters.for", "request.parameters.approver"]),
	"request": array.concat(_roles_from, ["request.parameters.for", "request.parameters.approver"]),
	"separation": _roles_from,
	"kill-switch": ["operation", "killSwitch"],
	"batch": ["operation", "request.batch"],
	"key": ["operation", "key", "key.id", "request.parameters.for"],
	"state": ["operation", "key", "key.state", "request.parameters.for"],
	"purpose": ["operation", "key.purpose", "request.purpose", "request.algorithm"],
	"algorithm": ["operation", "key.algorithm", "request.algorithm"],
	"data-key": ["operation", "request.parameters.dataKeys"],
	"caller": ["operation", "actor.id", "key.tags.callers"],
	"approval": array.concat(_quorum_from, [
		"actor.roles",
		"approvals.required-for",
		"approvals.key",
		"approvals.expires",
		"key.id",
		"time.epoch",
	]),
	"quorum": array.concat(_quorum_from, ["approvals.approvers"]),
	"approvers": [
		"operation",
		"approvals.enrolled",
		"approvals.approver",
		"request.parameters.roles",
		"request.parameters.aaguid",
	],
	"rotation-period": ["operation", "key.purpose", "request.purpose", "request.parameters.rotationPeriodDays"],
	"destruction-window": ["operation", "request.parameters.days"],
	"exception": ["operation", "request.parameters.days", "request.parameters.rule"],
	"hat": array.concat(_roles_from, ["actor.hat", "key.id", "approvals.key"]),
	"change": ["operation", "actor.roles", "key.tags", "request.change", "approvals.change"],
	"elevation": array.concat(_roles_from, [
		"approvals.required-for",
		"approvals.requester",
		"approvals.approvers",
		"approvals.expires",
		"elevation",
		"request.parameters",
		"time.epoch",
	]),
}

_roles_from := ["operation", "actor.id", "actor.method", "actor.roles", "actor.groups", "elevations"]

_quorum_from := [
	"operation",
	"actor.id",
	"approvals.requester",
	"approvals.approver",
	"key.purpose",
	"key.tags",
	"request.parameters",
]

_looks_at_condition := [
	"operation",
	"actor.method",
	"actor.posture",
	"key.residency",
	"key.tags",
	"request.asn",
	"request.source",
	"time.hour",
	"time.weekday",
]

# What the parameters ask of it.
_asks.operation contains ["operations", input.operation, "effect"]

_asks.role contains ["roles"]

_asks.request contains ["roles"]

_asks.separation contains ["separation"]

_asks["kill-switch"] contains ["killSwitch", "permitted"]

_asks.batch contains ["batch"]

_asks.state contains ["operations", input.operation, "states"]

_asks.purpose contains ["operations", input.operation, "purposes"]

_asks.purpose contains ["algorithms", input.request.algorithm, "purposes"]

_asks.algorithm contains ["algorithms", algorithm, use] if {
	some algorithm in _algorithms
	some use in ["protect", "process"]
}

_asks["data-key"] contains ["dataKeys"]

_asks.approval contains path if some path in _quorum_at

_asks.quorum contains path if some path in _quorum_at

# Where the quorum stands: with the operation, or with what an elevation lends.
_quorum_at contains ["quorums", input.operation]

_quorum_at contains ["elevation", "roles", _terms.role, "quorum"] if _lends_by_quorum

_quorum_at contains ["elevation", "hats", _terms.hat, "quorum"] if _lends_by_quorum

_asks.approvers contains ["quorums"]

_asks.approvers contains ["elevation", kind, name, "quorum"] if {
	some kind in ["roles", "hats"]
	some name, _ in parameters.elevation[kind]
}

# Whose key is in a hard token is asked where nobody else counts.
_asks.quorum contains ["hardTokens"] if _quorum.hardToken

_asks.approvers contains ["hardTokens"] if {
	some quorum in _quorums
	quorum.hardToken
}

_asks.elevation contains ["hardTokens"] if _glass_broken

_asks["rotation-period"] contains [period, _serves, "days"] if some period in ["cryptoperiods", "rotation"]

_asks["destruction-window"] contains ["destruction"]

_asks.exception contains ["exceptions"]

_asks.hat contains ["hats", role] if some role in _roles

_asks.change contains ["changes"]

_asks.elevation contains ["elevation"]

_algorithms contains input.key.algorithm

_algorithms contains input.request.algorithm

_explained := array.concat(
	[{
		"check": check,
		"code": code,
		"holds": object.get(checks, check, false),
		"read": _read(_looks_at[check]),
		"asked": _asked(check),
	} |
		some check, code in _codes
	],
	[{
		"check": "condition",
		"code": concat("", ["condition:", condition.name]),
		"holds": count({condition.name} & _unmet) == 0,
		"read": _read(_looks_at_condition),
		"asked": {concat(".", ["conditions", condition.name]): condition},
	} |
		some condition in parameters.conditions
		_concerns(condition)
	],
)

_read(paths) := {path: value |
	some path in paths
	value := _found(path)
}

# Nothing that JSON says is a set, so the empty one stands for what is not there.
_found("key") := _has_key

_found(path) := value if {
	path != "key"
	value := object.get(input, split(path, "."), set())
	value != set()
}

default _has_key := false

_has_key if input.key

_asked(check) := {concat(".", path): value |
	some path in object.get(_asks, check, set())
	value := _parameter(check, path)
	value != set()
}

# Of roles it is of interest which permit, not what else they do.
_parameter(check, path) := {role | some role, permitted in parameters.roles; _meant[check] in permitted} if {
	path == ["roles"]
} else := object.get(parameters, path, set())

_meant.role := input.operation

_meant.request := input.request.parameters.for

# What a caller is told of a check that it failed: of the call what it said itself, of its approval and its elevation what it asked for, and of
# the key what it might read. Who else approves, calls or is enrolled is nobody's business, nor from where others may call.
_told(check) := {
	"code": check.code,
	"read": {path: value |
		some path, value in check.read
		_is_within(path, _visible)
	},
	"asked": {path: value |
		some path, value in check.asked
		_is_within(path, _public)
	},
}

_is_within(path, places) if {
	some place in places
	startswith(concat("", [path, "."]), concat("", [place, "."]))
}

_visible contains place if some place in ["operation", "actor", "request", "time", "killSwitch", "elevations"]

_visible contains place if {
	_reads_keys
	some place in ["key.id", "key.state", "key.purpose", "key.algorithm"]
}

_visible contains place if {
	input.approvals.requester == input.actor.id
	some place in ["approvals.required-for", "approvals.key", "approvals.expires", "approvals.change", "approvals.requester"]
}

_reads_keys if {
	checks.actor
	checks.separation
	some role in _roles
	"GetKey" in parameters.roles[role]
}

_public := [
	"operations",
	"batch",
	"algorithms",
	"dataKeys",
	"quorums",
	"elevation.roles",
	"elevation.hats",
	"cryptoperiods",
	"rotation",
	"destruction",
	"exceptions",
	"killSwitch",
	"hats",
]
