package keyproof.authz_checks_test

import data.keyproof.authz
import data.keyproof.parameters

_key := {"id": "01K", "purpose": "encrypt", "algorithm": "AES_256_GCM", "state": "active", "tags": {}}

_call(operation, role) := {
	"operation": operation,
	"actor": {"id": "caller", "method": "token", "roles": [role]},
	"key": _key,
	"request": {"source": "127.0.0.1", "parameters": {}},
	"time": {"epoch": 1795478400},
}

_but(call, changes) := object.union(call, changes)

_reasons(call) := reasons if {
	reasons := authz.decision.reasons with input as call
}

_granted := ["granted"]

# One operation of each effect on a key, by who may do it.
_on_a_key := {
	"GetKey": "application",
	"DisableKey": "operator",
	"GrantException": "compliance",
	"RotateKey": "custodian",
	"DestroyKey": "administrator",
	"Encrypt": "application",
	"Decrypt": "application",
}

test_what_is_done_on_a_key_is_done_on_none[operation] if {
	some operation, role in _on_a_key
	call := _call(operation, role)
	not "key-unknown" in _reasons(call)
	"key-unknown" in _reasons(object.remove(call, ["key"]))
	"key-unknown" in _reasons(json.remove(call, ["/key/id"]))
}

test_what_is_done_on_no_key[operation] if {
	some operation in ["CreateKey", "ListKeys", "Approve", "EnrolApprover", "ExportBackup", "PlaceLegalHold"]
	reasons := _reasons(object.remove(_call(operation, "administrator"), ["key"]))
	not "key-unknown" in reasons
	not "key-state" in reasons
}

test_a_batch_is_of_what_policy_leaves[operation] if {
	some operation in ["Encrypt", "Decrypt"]
	every size in [1, 2, 256] {
		_reasons(_but(_call(operation, "application"), {"request": {"batch": size}})) == _granted
	}
	every size in [0, 257] {
		_reasons(_but(_call(operation, "application"), {"request": {"batch": size}})) == ["batch-limit"]
	}
}

test_what_uses_no_key_material_has_no_batch[operation] if {
	some operation, role in {"RotateKey": "custodian", "GetKey": "application"}
	_reasons(_but(_call(operation, role), {"request": {"batch": 1}})) == _granted
	_reasons(_but(_call(operation, role), {"request": {"batch": 2}})) == ["batch-limit"]
}

_ask_for(operation, role) := _but(_call("RequestApproval", role), {"request": {"parameters": {"for": operation}}})

test_approval_is_asked_for_on_no_key_where_none_is_touched[operation] if {
	some operation in ["SetKillSwitch", "EnrolApprover", "RevokeApprover", "ExportBackup", "PlaceLegalHold", "ReleaseLegalHold"]
	_reasons(object.remove(_ask_for(operation, "administrator"), ["key"])) == _granted
}

test_approval_is_asked_for_on_the_key_that_is_touched[operation] if {
	some operation, role in {"DestroyKey": "administrator", "RotateKey": "administrator", "GrantException": "compliance", "Decrypt": "application"}
	asked := _ask_for(operation, role)
	_reasons(asked) == _granted
	_reasons(object.remove(asked, ["key"])) == ["key-state", "key-unknown"]
}

test_a_key_serves_its_purpose[operation] if {
	some operation, purposes in {
		"Encrypt": {"encrypt"},
		"Decrypt": {"encrypt", "wrap"},
		"ReEncrypt": {"encrypt", "wrap"},
		"Sign": {"sign"},
		"Verify": {"sign"},
		"GenerateMac": {"mac"},
		"VerifyMac": {"mac"},
		"DeriveKey": {"derive"},
	}
	every purpose in ["encrypt", "wrap", "sign", "mac", "derive"] {
		refused := "purpose-mismatch" in _reasons(_but(_call(operation, "application"), {"key": {"purpose": purpose}}))
		permitted := purpose in purposes
		refused != permitted
	}
}

test_other_operations_ask_for_no_purpose[operation] if {
	some operation, role in {"GetKey": "application", "RotateKey": "custodian", "DisableKey": "operator"}
	_reasons(_but(_call(operation, role), {"key": {"purpose": "unheard of"}})) == _granted
}

_leaves := {
	"all": {"purposes": ["encrypt"], "protect": true, "process": true},
	"to protect": {"purposes": ["encrypt"], "protect": true, "process": false},
	"to process": {"purposes": ["encrypt"], "protect": false, "process": true},
	"none": {"purposes": ["encrypt"], "protect": false, "process": false},
}

# Which leave each operation needs of the algorithm.
_needed := {
	"Encrypt": {"all", "to protect"},
	"RotateKey": {"all", "to protect"},
	"Decrypt": {"all", "to process"},
	"GetKey": {"all", "to protect", "to process", "none"},
	"DisableKey": {"all", "to protect", "to process", "none"},
}

_judged(true) := _granted

_judged(false) := ["algorithm-not-allowed"]

test_an_algorithm_is_permitted_for_what_is_done[operation] if {
	some operation, needed in _needed
	every leave, algorithm in _leaves {
		reasons := _reasons(_call(operation, _on_a_key[operation])) with parameters.algorithms as {"AES_256_GCM": algorithm}
		suffices := leave in needed
		reasons == _judged(suffices)
	}
}

test_an_algorithm_that_policy_does_not_name_is_read_about_only if {
	every operation in ["Encrypt", "Decrypt"] {
		_reasons(_but(_call(operation, "application"), {"key": {"algorithm": "DES3"}})) == ["algorithm-not-allowed"]
	}
	_reasons(_but(_call("RotateKey", "custodian"), {"key": {"algorithm": "DES3"}})) == ["algorithm-not-allowed"]
	_reasons(_but(_call("GetKey", "application"), {"key": {"algorithm": "DES3"}})) == _granted
}

test_data_keys_from_one_on if {
	every algorithms, reasons in {
		[]: ["data-key-not-allowed"],
		["AES_256_GCM"]: _granted,
		["AES_256_GCM", "AES_128_XTS"]: _granted,
		["DES3"]: ["data-key-not-allowed"],
		["AES_256_GCM", "DES3"]: ["data-key-not-allowed"],
	} {
		_reasons(_but(_call("GenerateDataKey", "application"), {"request": {"parameters": {"dataKeys": algorithms}}})) == reasons
	}
}

# A key's callers use it; whoever manages it or reads about it is another.
test_callers_use_what_others_manage if {
	every operation, role in {"RotateKey": "custodian", "DisableKey": "operator", "GetKey": "application"} {
		_reasons(_but(_call(operation, role), {"key": {"tags": {"callers": "ledger"}}})) == _granted
	}
	every operation in ["Encrypt", "Decrypt"] {
		_reasons(_but(_call(operation, "application"), {"key": {"tags": {"callers": "ledger"}}})) == ["caller-not-listed"]
		_reasons(_but(_call(operation, "application"), {"key": {"tags": {"callers": "ledger caller"}}})) == _granted
		_reasons(_but(_call(operation, "application"), {"key": {"tags": {"callers": ""}}})) == ["caller-not-listed"]
	}
}

_create := _but(object.remove(_call("CreateKey", "administrator"), ["key"]), {"request": {"algorithm": "EC_P256", "purpose": "sign"}})

test_policys_own_period_ends_with_the_cryptoperiod if {
	_reasons(_create) == _granted with parameters.rotation as {"sign": {"days": 730}}
	_reasons(_create) == ["rotation-period"] with parameters.rotation as {"sign": {"days": 731}}
	asked := _but(_create, {"request": {"parameters": {"rotationPeriodDays": 730}}})
	_reasons(asked) == _granted with parameters.rotation as {"sign": {"days": 731}}
}

# Policy's own period is for what is made: an older key keeps its own.
test_what_is_made_already_is_not_measured_by_policys_own_period if {
	_reasons(_call("UpdateKey", "administrator")) == _granted with parameters.rotation as {"encrypt": {"days": 366}}
}

test_a_new_key_is_measured_by_what_it_is_for if {
	beside := _but(_create, {"key": _key})
	_reasons(_but(beside, {"request": {"parameters": {"rotationPeriodDays": 730}}})) == _granted
	_reasons(_but(beside, {"request": {"parameters": {"rotationPeriodDays": 731}}})) == ["rotation-period"]
}

test_an_older_key_is_measured_by_its_purpose if {
	update := _but(_call("UpdateKey", "administrator"), {"request": {"purpose": "sign"}})
	_reasons(_but(update, {"request": {"parameters": {"rotationPeriodDays": 365}}})) == _granted
	_reasons(_but(update, {"request": {"parameters": {"rotationPeriodDays": 366}}})) == ["rotation-period"]
}

_schedule(days) := _but(_call("ScheduleDestruction", "administrator"), {"request": {"parameters": {"days": days}}})

test_destruction_is_neither_too_soon_nor_too_late if {
	every days in [6, 31] {
		"destruction-window" in _reasons(_schedule(days))
	}
	every days in [7, 30] {
		not "destruction-window" in _reasons(_schedule(days))
	}
	every operation in ["DestroyKey", "CancelDestruction"] {
		not "destruction-window" in _reasons(_call(operation, "administrator"))
	}
}
