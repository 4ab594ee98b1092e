package keyproof.authz_explanation_test

import data.keyproof.authz
import data.keyproof.parameters

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

_now := 1795478400

_enrolled := [{"id": "anna", "roles": ["custodian"]}, {"id": "dora", "roles": ["custodian"]}]

_approvers := [{"id": "anna", "key": "k", "roles": ["custodian"]}, {"id": "bert", "key": "l", "roles": ["custodian"]}]

_lent := [{"id": "01E", "hat": "audit", "until": _now + 60, "now": _now, "breakGlass": false}]

_elevation := {"id": "01F", "holder": "payments", "breakGlass": false, "ended": false, "approvers": ["anna"]}

_parameters := {
	"days": 8,
	"rule": "lifecycle/cryptoperiod",
	"rotationPeriodDays": 30,
	"for": "Decrypt",
	"approver": "dora",
	"roles": "custodian",
	"aaguid": "2fc0579f-8113-47ea-b116-bb5a8db9202a",
	"role": "custodian",
	"minutes": 60,
	"dataKeys": ["AES_256_GCM"],
}

# A call that says whatever a call can say, so that what a check does not read stands there as well.
_full := {
	"operation": "Encrypt",
	"killSwitch": false,
	"actor": {
		"id": "payments",
		"method": "token",
		"roles": ["application"],
		"groups": ["shop"],
		"posture": "managed",
		"hat": "operations",
	},
	"key": {
		"id": "01K",
		"name": "cards",
		"purpose": "encrypt",
		"algorithm": "AES_256_GCM",
		"state": "active",
		"version": 3,
		"owner": "payments",
		"residency": "resident",
		"tags": {"callers": "payments ledger"},
	},
	"request": {
		"source": "10.1.2.3",
		"asn": 64500,
		"change": {"id": "CHG-1", "status": "approved"},
		"batch": 2,
		"context": ["order"],
		"algorithm": "EC_P256",
		"purpose": "sign",
		"parameters": _parameters,
	},
	"approvals": {
		"required-for": "DestroyKey",
		"request": "01R",
		"requester": "payments",
		"change": "CHG-1",
		"key": "01K",
		"expires": _now + 1,
		"approver": "dora",
		"enrolled": _enrolled,
		"approvers": _approvers,
	},
	"elevations": _lent,
	"elevation": _elevation,
	"time": {"epoch": _now, "rfc3339": "2026-11-24T03:00:00Z", "weekday": "tue", "hour": 3},
}

_who(role) := {
	"actor.id": "payments",
	"actor.method": "token",
	"actor.roles": [role],
	"actor.groups": ["shop"],
	"elevations": _lent,
}

_quorum := {"approvers": 2, "role": "custodian", "validSeconds": 86400}

_approved := {
	"operation": "DestroyKey",
	"actor.id": "payments",
	"approvals.requester": "payments",
	"approvals.approver": "dora",
	"key.purpose": "encrypt",
	"key.tags": {"callers": "payments ledger"},
	"request.parameters": _parameters,
}

_change := {"required": [{"operations": ["Encrypt"]}], "statuses": ["implementing"]}

_office := {
	"name": "office",
	"operations": ["Encrypt"],
	"residencies": ["resident"],
	"tags": {"callers": "payments ledger"},
	"methods": ["token"],
	"postures": ["managed"],
	"systems": [64500],
	"networks": ["10.0.0.0/8"],
	"weekdays": ["tue"],
	"hours": {"from": 4, "to": 5},
}

# For every code that a caller may be refused with, a call that is, what the check read of it and asked of the parameters, and what of
# that the caller is not told.
_refusals := {
	"operation-unknown": {
		"check": "operation",
		"call": {"operation": "ExportKey"},
		"read": {"operation": "ExportKey"},
		"asked": {},
		"untold": [],
	},
	"caller-unknown": {
		"check": "actor",
		"call": {"actor": {"id": " "}},
		"read": {"actor.id": " "},
		"asked": {},
		"untold": [],
	},
	"role-not-permitted": {
		"check": "role",
		"call": {"operation": "RotateKey"},
		"read": object.union(_who("application"), {
			"operation": "RotateKey",
			"request.parameters.for": "Decrypt",
			"request.parameters.approver": "dora",
		}),
		"asked": {"roles": {"administrator", "custodian", "scheduler"}},
		"untold": ["roles"],
	},
	"request-not-permitted": {
		"check": "request",
		"call": {"operation": "RequestApproval", "request": {"parameters": {"for": "DestroyKey"}}},
		"read": object.union(_who("application"), {
			"operation": "RequestApproval",
			"request.parameters.for": "DestroyKey",
			"request.parameters.approver": "dora",
		}),
		"asked": {"roles": {"administrator", "scheduler"}},
		"untold": ["roles"],
	},
	"roles-conflict": {
		"check": "separation",
		"call": {"actor": {"roles": ["application", "auditor"]}},
		"parameters": {"separation": [["application", "auditor"], ["custodian", "auditor"]]},
		"read": object.union(_who("application"), {"operation": "Encrypt", "actor.roles": ["application", "auditor"]}),
		"asked": {"separation": [["application", "auditor"], ["custodian", "auditor"]]},
		"untold": ["separation"],
	},
	"kill-switch": {
		"check": "kill-switch",
		"call": {"killSwitch": true},
		"parameters": {"killSwitch": {"permitted": ["GetKey", "ListKeys"]}},
		"read": {"operation": "Encrypt", "killSwitch": true},
		"asked": {"killSwitch.permitted": ["GetKey", "ListKeys"]},
		"untold": [],
	},
	"batch-limit": {
		"check": "batch",
		"call": {"request": {"batch": 257}},
		"read": {"operation": "Encrypt", "request.batch": 257},
		"asked": {"batch": {"maximum": 256, "effects": ["protect", "process"]}},
		"untold": [],
	},
	"key-unknown": {
		"check": "key",
		"call": {},
		"without": ["key"],
		"read": {"operation": "Encrypt", "key": false, "request.parameters.for": "Decrypt"},
		"asked": {},
		"untold": ["key"],
	},
	"key-state": {
		"check": "state",
		"call": {"operation": "Decrypt", "key": {"state": "suspended"}},
		"read": {"operation": "Decrypt", "key": true, "key.state": "suspended", "request.parameters.for": "Decrypt"},
		"asked": {"operations.Decrypt.states": ["active", "deactivated", "compromised"]},
		"untold": ["key"],
	},
	"purpose-mismatch": {
		"check": "purpose",
		"call": {"key": {"purpose": "sign"}},
		"read": {"operation": "Encrypt", "key.purpose": "sign", "request.purpose": "sign", "request.algorithm": "EC_P256"},
		"asked": {"operations.Encrypt.purposes": ["encrypt"], "algorithms.EC_P256.purposes": ["sign"]},
		"untold": [],
	},
	"algorithm-not-allowed": {
		"check": "algorithm",
		"call": {"key": {"algorithm": "DES3"}},
		"parameters": {"algorithms": {"DES3": {"purposes": ["encrypt"], "protect": false, "process": true}}},
		"read": {"operation": "Encrypt", "key.algorithm": "DES3", "request.algorithm": "EC_P256"},
		"asked": {
			"algorithms.DES3.protect": false,
			"algorithms.DES3.process": true,
			"algorithms.EC_P256.protect": true,
			"algorithms.EC_P256.process": true,
		},
		"untold": [],
	},
	"data-key-not-allowed": {
		"check": "data-key",
		"call": {"operation": "GenerateDataKey", "request": {"parameters": {"dataKeys": ["DES3"]}}},
		"read": {"operation": "GenerateDataKey", "request.parameters.dataKeys": ["DES3"]},
		"asked": {"dataKeys": parameters.dataKeys},
		"untold": [],
	},
	"caller-not-listed": {
		"check": "caller",
		"call": {"key": {"tags": {"callers": "ledger"}}},
		"read": {"operation": "Encrypt", "actor.id": "payments", "key.tags.callers": "ledger"},
		"asked": {},
		"untold": ["key.tags.callers"],
	},
	"approval-invalid": {
		"check": "approval",
		"call": {"operation": "DestroyKey", "actor": {"roles": ["administrator"]}, "approvals": {"key": "01L"}},
		"read": object.union(_approved, {
			"actor.roles": ["administrator"],
			"approvals.required-for": "DestroyKey",
			"approvals.key": "01L",
			"approvals.expires": _now + 1,
			"key.id": "01K",
			"time.epoch": _now,
		}),
		"asked": {"quorums.DestroyKey": _quorum},
		"untold": ["approvals.approver", "key.tags"],
	},
	"quorum-not-met": {
		"check": "quorum",
		"call": {"operation": "DestroyKey", "actor": {"roles": ["administrator"]}, "approvals": {"approvers": [_approvers[0]]}},
		"read": object.union(_approved, {"approvals.approvers": [_approvers[0]]}),
		"asked": {"quorums.DestroyKey": _quorum},
		"untold": ["approvals.approver", "approvals.approvers", "key.tags"],
	},
	"too-few-approvers": {
		"check": "approvers",
		"call": {"operation": "RevokeApprover", "actor": {"roles": ["administrator"]}},
		"read": {
			"operation": "RevokeApprover",
			"approvals.enrolled": _enrolled,
			"approvals.approver": "dora",
			"request.parameters.roles": "custodian",
			"request.parameters.aaguid": "2fc0579f-8113-47ea-b116-bb5a8db9202a",
		},
		"asked": {
			"quorums": parameters.quorums,
			"elevation.roles.custodian.quorum": {"approvers": 2, "role": "custodian", "validSeconds": 14400},
			"elevation.roles.administrator.quorum": {"approvers": 2, "role": "custodian", "validSeconds": 14400},
			"elevation.roles.auditor.quorum": {"approvers": 1, "role": "custodian", "validSeconds": 14400},
			"elevation.hats.security.quorum": {"approvers": 2, "role": "custodian", "validSeconds": 14400},
		},
		"untold": ["approvals.enrolled", "approvals.approver"],
	},
	"rotation-period": {
		"check": "rotation-period",
		"call": {
			"operation": "CreateKey",
			"actor": {"roles": ["administrator"]},
			"request": {"parameters": {"rotationPeriodDays": 731}},
		},
		"read": {
			"operation": "CreateKey",
			"key.purpose": "encrypt",
			"request.purpose": "sign",
			"request.parameters.rotationPeriodDays": 731,
		},
		"asked": {"cryptoperiods.sign.days": 730, "rotation.sign.days": 180},
		"untold": [],
	},
	"destruction-window": {
		"check": "destruction-window",
		"call": {
			"operation": "ScheduleDestruction",
			"actor": {"roles": ["administrator"]},
			"request": {"parameters": {"days": 31}},
		},
		"read": {"operation": "ScheduleDestruction", "request.parameters.days": 31},
		"asked": {"destruction": {"minimumDays": 7, "maximumDays": 30}},
		"untold": [],
	},
	"exception-not-permitted": {
		"check": "exception",
		"call": {
			"operation": "GrantException",
			"actor": {"roles": ["compliance"]},
			"request": {"parameters": {"days": 181}},
		},
		"read": {
			"operation": "GrantException",
			"request.parameters.days": 181,
			"request.parameters.rule": "lifecycle/cryptoperiod",
		},
		"asked": {"exceptions": {"maximumDays": 180}},
		"untold": [],
	},
	"hat-worn": {
		"check": "hat",
		"call": {"actor": {"roles": ["application", "operator"], "hat": "security"}},
		"read": object.union(_who("application"), {
			"operation": "Encrypt",
			"actor.roles": ["application", "operator"],
			"actor.hat": "security",
			"key.id": "01K",
			"approvals.key": "01K",
		}),
		"asked": {"hats.application": "operations", "hats.operator": "operations"},
		"untold": [],
	},
	"change-required": {
		"check": "change",
		"call": {},
		"parameters": {"changes": _change},
		"read": {
			"operation": "Encrypt",
			"actor.roles": ["application"],
			"key.tags": {"callers": "payments ledger"},
			"request.change": {"id": "CHG-1", "status": "approved"},
			"approvals.change": "CHG-1",
		},
		"asked": {"changes": _change},
		"untold": ["key.tags", "changes"],
	},
	"elevation-not-permitted": {
		"check": "elevation",
		"call": {
			"operation": "ActivateElevation",
			"actor": {"roles": ["operator"]},
			"request": {"parameters": {"minutes": 241}},
		},
		"read": object.union(_who("operator"), {
			"operation": "ActivateElevation",
			"approvals.required-for": "DestroyKey",
			"approvals.requester": "payments",
			"approvals.approvers": _approvers,
			"approvals.expires": _now + 1,
			"elevation": _elevation,
			"request.parameters": object.union(_parameters, {"minutes": 241}),
			"time.epoch": _now,
		}),
		"asked": {"elevation": parameters.elevation},
		"untold": ["approvals.approvers", "elevation"],
	},
	"condition:office": {
		"check": "condition",
		"call": {},
		"parameters": {"conditions": [_office]},
		"read": {
			"operation": "Encrypt",
			"actor.method": "token",
			"actor.posture": "managed",
			"key.residency": "resident",
			"key.tags": {"callers": "payments ledger"},
			"request.asn": 64500,
			"request.source": "10.1.2.3",
			"time.hour": 3,
			"time.weekday": "tue",
		},
		"asked": {"conditions.office": _office},
		"untold": ["key.residency", "key.tags", "conditions.office"],
	},
}

_explained_refusal(code) := explained if {
	refusal := _refusals[code]
	call := object.remove(object.union(_full, refusal.call), object.get(refusal, "without", []))
	overlaid := object.union(parameters, object.get(refusal, "parameters", {}))
	explained := authz.explanation with input as call with data.keyproof.parameters as overlaid
}

test_a_call_that_says_everything_is_granted if {
	_explained(_full).decision.reasons == ["granted"]
}

test_whole_refusal[code] if {
	some code, refusal in _refusals
	explained := _explained_refusal(code)
	code in explained.decision.reasons
	[check | some check in explained.checks; check.code == code] == [{
		"check": refusal.check,
		"code": code,
		"holds": false,
		"read": refusal.read,
		"asked": refusal.asked,
	}]
	[told | some told in explained.told; told.code == code] == [{
		"code": code,
		"read": object.remove(refusal.read, refusal.untold),
		"asked": object.remove(refusal.asked, refusal.untold),
	}]
}

# A check that is new needs a refusal above.
test_no_refusal_goes_unexplained if {
	codes := {check.code | some check in _explained_refusal("condition:office").checks}
	codes == object.keys(_refusals)
}

test_what_holds_is_explained_as_well if {
	_check(_full, "operation-unknown") == {
		"check": "operation",
		"code": "operation-unknown",
		"holds": true,
		"read": {"operation": "Encrypt"},
		"asked": {"operations.Encrypt.effect": "protect"},
	}
	_check(_full, "key-unknown") == {
		"check": "key",
		"code": "key-unknown",
		"holds": true,
		"read": {"operation": "Encrypt", "key": true, "key.id": "01K", "request.parameters.for": "Decrypt"},
		"asked": {},
	}
}

test_a_condition_that_is_met_beside_one_that_is_not if {
	conditions := [_office, object.union(_office, {"name": "night", "hours": {"from": 3, "to": 4}})]
	explained := authz.explanation with input as _full with data.keyproof.parameters.conditions as conditions
	{check.code: check.holds | some check in explained.checks; check.check == "condition"} == {"condition:night": true, "condition:office": false}
	[told.code | some told in explained.told] == ["condition:office"]
}

_elevates(operation, terms) := object.union(object.remove(_full, ["request"]), {
	"operation": operation,
	"actor": {"roles": ["operator"]},
	"request": {"parameters": object.union({"minutes": 60, "breakGlass": false}, terms)},
	"approvals": {"approvers": []},
})

_lenders := {"approvers": 2, "role": "custodian", "validSeconds": 14400}

test_the_quorum_of_an_elevation_stands_with_what_it_lends if {
	every operation in ["ActivateElevation", "HoldElevation"] {
		every terms, asked in {
			{"role": "administrator"}: {"elevation.roles.administrator.quorum": _lenders},
			{"hat": "security"}: {"elevation.hats.security.quorum": _lenders},
		} {
			_check(_elevates(operation, terms), "quorum-not-met").asked == asked
			_check(_elevates(operation, terms), "approval-invalid").asked == asked
			_told(_elevates(operation, terms), "quorum-not-met").asked == asked
		}
		_check(_elevates(operation, {"role": "administrator", "breakGlass": true}), "quorum-not-met").asked == {}
	}
	_check(_elevates("RequestElevation", {"role": "administrator"}), "quorum-not-met").asked == {}
}

_models := ["2fc0579f-8113-47ea-b116-bb5a8db9202a"]

# By which tokens others approve is nobody's business.
test_hard_tokens_are_asked_where_nobody_else_counts if {
	destroys := object.union(_full, {"operation": "DestroyKey", "actor": {"roles": ["administrator"]}})
	hard := object.union(_quorum, {"hardToken": true})
	every quorum, asked in {
		hard: {"quorums.DestroyKey": hard, "hardTokens": _models},
		_quorum: {"quorums.DestroyKey": _quorum},
	} {
		check := _check(destroys, "quorum-not-met") with data.keyproof.parameters.quorums as {"DestroyKey": quorum}
			with data.keyproof.parameters.hardTokens as _models
		check.asked == asked
	}
	told := _told(destroys, "quorum-not-met") with data.keyproof.parameters.quorums as {"DestroyKey": hard}
		with data.keyproof.parameters.hardTokens as _models
	told.asked == {"quorums.DestroyKey": hard}
}

test_hard_tokens_are_asked_of_who_is_left if {
	revokes := object.union(_full, {"operation": "RevokeApprover", "actor": {"roles": ["administrator"]}})
	not _check(revokes, "too-few-approvers").asked.hardTokens
	hard := {"DestroyKey": object.union(_quorum, {"hardToken": true})}
	check := _check(revokes, "too-few-approvers") with data.keyproof.parameters.quorums as hard
		with data.keyproof.parameters.hardTokens as _models
	check.asked.hardTokens == _models
}

test_hard_tokens_are_asked_of_a_broken_glass if {
	breaks := _elevates("BreakGlass", {"role": "custodian", "breakGlass": true})
	check := _check(breaks, "elevation-not-permitted") with data.keyproof.parameters.hardTokens as _models
	check.asked == {"elevation": parameters.elevation, "hardTokens": _models}
	_told(breaks, "elevation-not-permitted").asked == {}
}
