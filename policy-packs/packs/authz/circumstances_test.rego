package keyproof.authz_circumstances_test

import data.keyproof.authz
import data.keyproof.parameters

_call := {
	"operation": "Encrypt",
	"actor": {"id": "ann", "method": "token", "roles": ["application"], "posture": "managed", "hat": "operations"},
	"key": {
		"id": "01K",
		"purpose": "encrypt",
		"algorithm": "AES_256_GCM",
		"state": "active",
		"tags": {"environment": "production"},
	},
	"request": {"source": "10.1.2.3", "asn": 64500},
	"approvals": null,
	"time": {"epoch": 1795478400, "weekday": "tue", "hour": 9},
}

_condition(what) := [object.union({"name": "one", "operations": ["Encrypt"]}, what)]

_limit := {"usageLimit": parameters.usageLimits.AES_256_GCM}

_met := {"allow": true, "reasons": ["granted"], "obligations": _limit}

_unmet := {"allow": false, "reasons": ["condition:one"], "obligations": _limit}

test_each_condition_that_is_met if {
	conditions := [
		{"methods": ["token"]},
		{"postures": ["managed"]},
		{"systems": [64499, 64500]},
		{"weekdays": ["mon", "tue"]},
		{"networks": ["192.168.0.0/16", "10.0.0.0/8"]},
		{"hours": {"from": 9, "to": 10}},
		{"tags": {"environment": "test"}, "methods": []},
		{"operations": ["Decrypt"], "methods": []},
		{},
	]
	every condition in conditions {
		authz.decision == _met with input as _call with parameters.conditions as _condition(condition)
	}
}

_failing := [
	{"methods": ["workload"]},
	{"postures": ["attested"]},
	{"systems": [64499]},
	{"weekdays": ["mon"]},
	{"networks": ["192.168.0.0/16", "fd00::/8"]},
	{"networks": []},
	{"hours": {"from": 10, "to": 12}},
	{"hours": {"from": 8, "to": 9}},
	{"tags": {"environment": "production"}, "postures": ["attested"]},
	{"postures": ["managed"], "systems": [1]},
]

test_each_condition_that_is_not if {
	every condition in _failing {
		authz.decision == _unmet with input as _call with parameters.conditions as _condition(condition)
	}
}

# What is not known is not met.
test_each_condition_on_what_is_not_known if {
	bare := object.union(json.remove(_call, ["/actor/posture", "/request", "/time", "/actor/method"]), {"request": {}, "time": {"epoch": 1}})
	conditions := [
		{"methods": ["token"]},
		{"postures": ["managed"]},
		{"systems": [64500]},
		{"weekdays": ["tue"]},
		{"networks": ["0.0.0.0/0"]},
		{"hours": {"from": 0, "to": 24}},
	]
	every condition in conditions {
		authz.decision == _unmet with input as bare with parameters.conditions as _condition(condition)
	}
}

test_every_unmet_condition_is_named if {
	both := [
		{"name": "posture", "operations": ["Encrypt"], "postures": []},
		{"name": "office-hours", "operations": ["Encrypt"], "hours": {"from": 0, "to": 1}},
	]
	authz.decision.reasons == ["condition:office-hours", "condition:posture"] with input as _call with parameters.conditions as both
}

_changes(tags) := {"required": [{"operations": ["Encrypt"], "tags": tags}], "statuses": ["approved"]}

_naming(change) := object.union(_call, {"request": {"change": change}})

_lacking := {"allow": false, "reasons": ["change-required"], "obligations": _limit}

test_a_change_in_the_right_status if {
	authz.decision == _met with input as _naming({"id": "CHG1", "status": "approved"})
		with parameters.changes as _changes({"environment": "production"})
}

test_a_change_where_none_is_needed if {
	authz.decision == _met with input as _call with parameters.changes as _changes({"environment": "test"})
}

test_no_change_or_one_in_another_status if {
	lacking := [
		_call,
		_naming({"id": "CHG1"}),
		_naming({"id": "CHG1", "status": "closed"}),
		_naming({"id": "CHG1", "status": null}),
	]
	every call in lacking {
		authz.decision == _lacking with input as call with parameters.changes as _changes({})
	}
}

# Who approved, approved it under that change.
test_the_change_of_the_approval if {
	approved := object.union(_naming({"id": "CHG1", "status": "approved"}), {"approvals": {"change": "CHG1"}})
	authz.decision == _met with input as approved with parameters.changes as _changes({})
	other := object.union(approved, {"approvals": {"change": "CHG2"}})
	authz.decision == _lacking with input as other with parameters.changes as _changes({})
}

test_what_is_due_needs_no_change if {
	due := object.union(_call, {"operation": "RotateKey", "actor": {"id": "keyproof-broker", "roles": ["scheduler"]}})
	changes := {"required": [{"operations": ["RotateKey"]}], "statuses": []}
	authz.decision.allow with input as due with parameters.changes as changes
}

_european := json.patch(_call, [{"op": "add", "path": "/key/residency", "value": "eu"}])

# A key that is to stay in a place is used from there, and any other from where it may.
test_a_condition_on_a_residency if {
	at_home := _condition({"residencies": ["eu", "ch"], "networks": ["192.168.0.0/16"]})
	authz.decision == _unmet with input as _european with parameters.conditions as at_home
	from_there := json.patch(_european, [{"op": "add", "path": "/request/source", "value": "192.168.1.1"}])
	authz.decision == _met with input as from_there with parameters.conditions as at_home
	authz.decision == _met with input as _call with parameters.conditions as at_home
	elsewhere := json.patch(_call, [{"op": "add", "path": "/key/residency", "value": "us"}])
	authz.decision == _met with input as elsewhere with parameters.conditions as at_home
}
