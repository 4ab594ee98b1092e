package keyproof.authz_explanation_test

import data.keyproof.authz

_call := {
	"operation": "Encrypt",
	"killSwitch": false,
	"actor": {"id": "payments", "method": "token", "roles": ["application"]},
	"key": {
		"id": "K1",
		"purpose": "encrypt",
		"algorithm": "AES_256_GCM",
		"state": "active",
		"tags": {"callers": "payments ledger"},
	},
	"request": {"source": "192.168.3.3", "batch": 1},
	"time": {"epoch": 1795478400, "weekday": "tue", "hour": 3},
}

_but(changes) := object.union(_call, changes)

_explained(call) := explained if {
	explained := authz.explanation with input as call
}

_check(call, code) := check if {
	some check in _explained(call).checks
	check.code == code
}

_told(call, code) := told if {
	some told in _explained(call).told
	told.code == code
}

test_what_is_granted_holds_throughout if {
	explained := _explained(_call)
	explained.decision.allow
	explained.told == []
	every check in explained.checks {
		check.holds
	}
}

test_whole_check if {
	_check(_but({"key": {"state": "suspended"}}), "key-state") == {
		"check": "state",
		"code": "key-state",
		"holds": false,
		"read": {"operation": "Encrypt", "key": true, "key.state": "suspended"},
		"asked": {"operations.Encrypt.states": ["active"]},
	}
}

test_role_is_asked_by_who_permits if {
	call := _but({"actor": {"roles": ["auditor"]}})
	_check(call, "role-not-permitted").asked == {"roles": {"application"}}
	request := _but({"operation": "RequestApproval", "request": {"parameters": {"for": "PlaceLegalHold"}}})
	_check(request, "request-not-permitted").asked == {"roles": {"administrator", "counsel"}}
	_check(request, "request-not-permitted").read["request.parameters.for"] == "PlaceLegalHold"
}

test_key_that_is_not_there if {
	call := object.remove(_call, ["key"])
	_check(call, "key-unknown").read == {"operation": "Encrypt", "key": false}
}

test_condition_is_explained_by_name if {
	condition := {"name": "office", "operations": ["Encrypt"], "networks": ["10.0.0.0/8"]}
	explained := authz.explanation with input as _call with data.keyproof.parameters.conditions as [condition]
	some check in explained.checks
	check.code == "condition:office"
	not check.holds
	check.read == {
		"operation": "Encrypt",
		"actor.method": "token",
		"key.tags": {"callers": "payments ledger"},
		"request.source": "192.168.3.3",
		"time.hour": 3,
		"time.weekday": "tue",
	}
	check.asked == {"conditions.office": condition}

	# From where others may call stays here.
	explained.told == [{
		"code": "condition:office",
		"read": {
			"operation": "Encrypt",
			"actor.method": "token",
			"request.source": "192.168.3.3",
			"time.hour": 3,
			"time.weekday": "tue",
		},
		"asked": {},
	}]
}

test_callers_of_a_key_are_not_told if {
	call := _but({"actor": {"id": "visitor"}})
	_check(call, "caller-not-listed").read["key.tags.callers"] == "payments ledger"
	_told(call, "caller-not-listed") == {
		"code": "caller-not-listed",
		"read": {"operation": "Encrypt", "actor.id": "visitor"},
		"asked": {},
	}
}

test_state_is_told_to_whom_may_read_the_key if {
	_told(_but({"key": {"state": "suspended"}}), "key-state").read == {"operation": "Encrypt", "key.state": "suspended"}
	_told(_but({"key": {"state": "suspended"}, "actor": {"roles": ["monitor"]}}), "key-state").read == {"operation": "Encrypt"}
}

test_approvers_are_not_told if {
	call := _but({
		"operation": "DestroyKey",
		"actor": {"roles": ["administrator"]},
		"approvals": {
			"required-for": "DestroyKey",
			"key": "K1",
			"requester": "payments",
			"approvers": [{"id": "cleo", "roles": ["custodian"]}],
		},
	})
	told := _told(call, "quorum-not-met")
	told.read["approvals.requester"] == "payments"
	not told.read["approvals.approvers"]
	told.asked["quorums.DestroyKey"].approvers == 2
	not _told(object.union(call, {"actor": {"id": "anna"}}), "quorum-not-met").read["approvals.requester"]
}

test_new_key_is_measured_by_what_is_asked_for if {
	call := object.union(object.remove(_call, ["key"]), {
		"operation": "CreateKey",
		"actor": {"roles": ["administrator"]},
		"request": {"algorithm": "EC_P256", "purpose": "encrypt"},
	})
	check := _check(call, "purpose-mismatch")
	check.read == {"operation": "CreateKey", "request.algorithm": "EC_P256", "request.purpose": "encrypt"}
	check.asked == {"algorithms.EC_P256.purposes": ["sign"]}
	_check(call, "algorithm-not-allowed").asked["algorithms.EC_P256.protect"]
}
