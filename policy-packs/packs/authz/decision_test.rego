package keyproof.authz_test

import data.keyproof.authz
import data.keyproof.parameters

_key := {
	"id": "01KAV3J8Q4W6Z0X1Y2T3R4S5P6",
	"purpose": "encrypt",
	"algorithm": "AES_256_GCM",
	"state": "active",
	"owner": "payments",
	"tags": {},
}

_call(operation, role) := {
	"operation": operation,
	"actor": object.union({"id": "caller", "method": "token", "roles": [role]}, _hat(role)),
	"key": _key,
	"request": {"source": "127.0.0.1", "batch": 1},
	"approvals": null,
	"time": {"epoch": 1795478400},
}

# Worn before, so that a decision says nothing of it.
_hat(role) := {"hat": parameters.hats[role]}

_hat(role) := {} if not parameters.hats[role]

_encrypt := _call("Encrypt", "application")

_create := object.union(_call("CreateKey", "administrator"), {
	"key": null,
	"request": {"algorithm": "EC_P256", "purpose": "sign", "parameters": {}},
})

_born := {"rotationPeriodDays": 180, "usageLimit": 0}

_create_granted := {"allow": true, "reasons": ["granted"], "obligations": _born}

_create_refused(reasons) := {"allow": false, "reasons": reasons, "obligations": _born}

_approver(id) := {"id": id, "key": "thumbprint", "roles": ["custodian"]}

_destroy := object.union(_call("DestroyKey", "administrator"), {"approvals": {
	"required-for": "DestroyKey",
	"request": "01R",
	"requester": "asker",
	"key": _key.id,
	"expires": 1795478401,
	"approvers": [_approver("anna"), _approver("bert")],
}})

_approve := object.union(_destroy, {"operation": "Approve", "actor": {"id": "anna", "roles": ["custodian"], "hat": "security"}})

_with(input_, path, value) := json.patch(input_, [{"op": "add", "path": path, "value": value}])

_without(input_, path) := json.remove(input_, [path])

_granted := {"allow": true, "reasons": ["granted"], "obligations": {}}

_refused(reasons) := {"allow": false, "reasons": reasons, "obligations": {}}

# What protects has a limit of uses.
_limited := {"usageLimit": 4294967296}

_encrypt_granted := {"allow": true, "reasons": ["granted"], "obligations": _limited}

_encrypt_refused(reasons) := {"allow": false, "reasons": reasons, "obligations": _limited}

_quorum := {"approvals": {"quorum": 2, "of": "custodian", "validSeconds": 86400}}

_destroy_refused(reasons) := {"allow": false, "reasons": reasons, "obligations": _quorum}

test_whatever_is_not_understood_is_denied if {
	every strange in [{}, null, [], 3, "Encrypt", {"operation": "Encrypt"}, {"operation": null, "actor": null}] {
		not authz.decision.allow with input as strange
		count(authz.decision.reasons) > 0 with input as strange
	}
}

# Each operation's decision for each role is what the data says, and nothing beside it.
test_every_operation_by_role if {
	every operation, _ in parameters.operations {
		every role in ["application", "custodian", "administrator", "auditor", "operator", "scheduler", "stranger"] {
			refused := "role-not-permitted" in authz.decision.reasons with input as _call(operation, role)
			permitted := operation in object.get(parameters.roles, role, [])
			refused != permitted
		}
	}
}

test_application_encrypts if {
	authz.decision == _encrypt_granted with input as _encrypt
}

test_unknown_operation if {
	"operation-unknown" in authz.decision.reasons with input as _call("ExportKey", "administrator")
}

test_nobody if {
	every nobody in ["", " ", null] {
		authz.decision == _encrypt_refused(["caller-unknown"]) with input as _with(_encrypt, "/actor/id", nobody)
	}
}

test_role_not_permitted if {
	authz.decision == _encrypt_refused(["role-not-permitted"]) with input as _call("Encrypt", "auditor")
}

test_roles_that_exclude_each_other if {
	both := _with(_encrypt, "/actor/roles", ["application", "custodian"])
	authz.decision == _encrypt_refused(["roles-conflict"]) with input as both
}

test_roles_that_do_not if {
	authz.decision == _encrypt_granted with input as _with(_encrypt, "/actor/roles", ["application", "operator"])
}

test_state_by_operation if {
	every operation, rule in parameters.operations {
		every state in ["pre-active", "active", "suspended", "deactivated", "compromised", "destroyed", "", null] {
			refused := "key-state" in authz.decision.reasons with input as _with(_call(operation, "application"), "/key/state", state)
			permitted := state in object.get(rule, "states", [state])
			refused != permitted
		}
	}
}

test_destroyed_key_is_read_only if {
	_granted == authz.decision with input as _with(_call("GetKey", "application"), "/key/state", "destroyed")
}

test_no_key if {
	reasons := authz.decision.reasons with input as _with(_call("Encrypt", "application"), "/key", null)
	"key-unknown" in reasons
}

test_other_purpose if {
	authz.decision == _encrypt_refused(["purpose-mismatch"]) with input as _call("Sign", "application")
}

test_algorithm_no_longer_allowed if {
	old := _with(_encrypt, "/key/algorithm", "DES3")
	authz.decision == _refused(["algorithm-not-allowed"]) with input as old
}

test_algorithm_for_processing_only if {
	legacy := {"DES3": {"purposes": ["encrypt"], "protect": false, "process": true}}
	decrypt := _with(_call("Decrypt", "application"), "/key/algorithm", "DES3")
	authz.decision == _granted with input as decrypt with parameters.algorithms as legacy
	encrypt := _with(_encrypt, "/key/algorithm", "DES3")
	authz.decision == _refused(["algorithm-not-allowed"]) with input as encrypt with parameters.algorithms as legacy
}

_data_key := _with(_call("GenerateDataKey", "application"), "/request/parameters", {"dataKeys": ["AES_256_GCM", "AES_256_XTS"]})

test_data_keys_of_permitted_algorithms if {
	authz.decision == _encrypt_granted with input as _data_key
}

test_data_keys_of_others if {
	every algorithms in [["AES_256_GCM", "DES3"], [], null, "AES_256_GCM"] {
		decision := authz.decision with input as _with(_data_key, "/request/parameters/dataKeys", algorithms)
		decision == _encrypt_refused(["data-key-not-allowed"])
	}
	authz.decision == _encrypt_refused(["data-key-not-allowed"]) with input as _without(_data_key, "/request/parameters")
}

test_data_keys_that_policy_permits_no_longer if {
	without := object.union(parameters.dataKeys, {"AES_256_XTS": {"permitted": false}})
	authz.decision == _encrypt_refused(["data-key-not-allowed"]) with input as _data_key with parameters.dataKeys as without
}

test_a_limit_of_uses_is_policys_of_today if {
	authz.decision.obligations == {"usageLimit": 7} with input as _encrypt with parameters.usageLimits as {"AES_256_GCM": 7}
	authz.decision == _granted with input as _encrypt with parameters.usageLimits as {}
}

test_an_operation_may_have_a_quorum_beside_its_other_obligations if {
	quorums := {"Encrypt": {"approvers": 1, "role": "custodian", "validSeconds": 60}}
	obligations := {"approvals": {"quorum": 1, "of": "custodian", "validSeconds": 60}, "usageLimit": 4294967296}
	authz.decision.obligations == obligations with input as _encrypt with parameters.quorums as quorums
}

test_create if {
	authz.decision == _create_granted with input as _create
}

test_create_with_a_limit_of_uses if {
	request := {"algorithm": "AES_256_GCM", "purpose": "wrap", "parameters": {"rotationPeriodDays": 30}}
	obligations := {"rotationPeriodDays": 180, "usageLimit": 4294967296}
	decision := authz.decision with input as _with(_create, "/request", request)
	decision == {"allow": true, "reasons": ["granted"], "obligations": obligations}
}

test_create_with_rotation_after_the_cryptoperiod if {
	late := _with(_create, "/request/parameters/rotationPeriodDays", 731)
	authz.decision == _create_refused(["rotation-period"]) with input as late
	authz.decision == _create_granted with input as _with(_create, "/request/parameters/rotationPeriodDays", 730)
}

test_create_for_another_purpose if {
	authz.decision == {"allow": false, "reasons": ["purpose-mismatch"], "obligations": {"rotationPeriodDays": 90, "usageLimit": 0}} with input as _with(_create, "/request/purpose", "encrypt")
}

test_create_with_an_unknown_algorithm if {
	unknown := _with(_create, "/request/algorithm", "DES3")
	authz.decision == _create_refused(["algorithm-not-allowed", "purpose-mismatch"]) with input as unknown
}

test_rotate if {
	authz.decision == _granted with input as _call("RotateKey", "custodian")
}

test_update_with_rotation_after_the_cryptoperiod if {
	update := _call("UpdateKey", "administrator")
	late := _with(update, "/request/parameters", {"rotationPeriodDays": 366})
	authz.decision == _refused(["rotation-period"]) with input as late
	authz.decision == _granted with input as _with(update, "/request/parameters", {"rotationPeriodDays": 365})
	authz.decision == _granted with input as update
}

test_rotation_of_a_kek_moves_what_it_wraps if {
	every operation in ["RotateKey", "BackOutRotation"] {
		kek := _with(_call(operation, "administrator"), "/key/purpose", "wrap")
		authz.decision.obligations == {"reWrap": {"perSecond": 500, "hours": 72}} with input as kek
	}
}

test_derive if {
	derive := _with(_call("DeriveKey", "application"), "/key", {
		"id": _key.id,
		"purpose": "derive",
		"algorithm": "HMAC_SHA256",
		"state": "active",
		"tags": {},
	})
	authz.decision == _granted with input as derive
	authz.decision == _refused(["purpose-mismatch"]) with input as _with(derive, "/key/purpose", "mac")
}

_schedule := object.union(_destroy, {
	"operation": "ScheduleDestruction",
	"approvals": object.union(_destroy.approvals, {"required-for": "ScheduleDestruction"}),
	"request": {"source": "127.0.0.1", "parameters": {"days": 7}},
})

test_schedule_destruction if {
	authz.decision.allow with input as _schedule
	authz.decision.allow with input as _with(_schedule, "/request/parameters/days", 30)
}

test_schedule_destruction_too_soon_or_too_late if {
	every days in [6, 31, null] {
		authz.decision == _destroy_refused(["destruction-window"]) with input as _with(_schedule, "/request/parameters/days", days)
	}
}

test_schedule_destruction_without_approval if {
	reasons := authz.decision.reasons with input as _without(_schedule, "/approvals")
	reasons == ["approval-invalid", "quorum-not-met"]
}

_due := object.union(_schedule, {
	"operation": "DestroyKey",
	"actor": {"id": "keyproof-broker", "roles": ["scheduler"]},
	"request": {"source": "127.0.0.1", "parameters": {"due": 1795478400}},
	"time": {"epoch": 1795478400},
})

test_what_was_scheduled_is_destroyed_when_it_is_due if {
	authz.decision.allow with input as _due
	authz.decision.allow with input as _with(_due, "/approvals/expires", 1)
}

test_what_was_scheduled_is_not_destroyed_earlier if {
	early := _with(_due, "/request/parameters/due", 1795478401)
	authz.decision == _destroy_refused(["approval-invalid"]) with input as early
}

_hold(operation) := {
	"operation": operation,
	"actor": {"id": "caller", "method": "token", "roles": ["counsel"]},
	"request": {"source": "127.0.0.1", "batch": 1, "parameters": {"hold": "matter-7"}},
	"approvals": {
		"required-for": operation,
		"requester": "asker",
		"key": "",
		"expires": 1795478401,
		"approvers": [_approver("anna"), _approver("bert")],
	},
	"time": {"epoch": 1795478400},
}

_hold_quorum := {"approvals": {"quorum": 2, "of": "custodian", "validSeconds": 604800}}

_hold_refused(reasons) := {"allow": false, "reasons": reasons, "obligations": _hold_quorum}

# While the switch is on as well: what is held must not end because keys are locked.
test_legal_holds_take_a_quorum if {
	every operation in ["PlaceLegalHold", "ReleaseLegalHold"] {
		asked := _hold(operation)
		authz.decision == {"allow": true, "reasons": ["granted"], "obligations": _hold_quorum} with input as asked
		authz.decision.allow with input as _with(asked, "/killSwitch", true)
		one := _with(asked, "/approvals/approvers", [_approver("anna")])
		authz.decision == _hold_refused(["quorum-not-met"]) with input as one
		other := _with(asked, "/approvals/required-for", "ExportBackup")
		authz.decision == _hold_refused(["approval-invalid"]) with input as other
		custodian := _with(asked, "/actor/roles", ["custodian"])
		authz.decision == _hold_refused(["role-not-permitted"]) with input as custodian
		not authz.decision.allow with input as asked with parameters.quorums as {}
	}
}

test_approval_of_a_hold_is_asked_for_without_a_key if {
	request := object.union(_without(_hold("PlaceLegalHold"), "/approvals"), {
		"operation": "RequestApproval",
		"request": {"parameters": {"for": "PlaceLegalHold"}},
	})
	authz.decision == _granted with input as request
}

test_what_was_scheduled_is_not_destroyed_by_another if {
	other := _with(_due, "/actor", {"id": "root", "roles": ["administrator"]})
	authz.decision == _destroy_refused(["approval-invalid"]) with input as other
}

test_services_need_no_key if {
	every operation in ["ListKeys", "ReadInventory", "ReadHealth", "ReadMetrics", "ReadSlos", "SetKillSwitch"] {
		authz.decision == _granted with input as _with(_call(operation, "administrator"), "/key", null)
	}
}

test_batch_within_limit if {
	authz.decision == _encrypt_granted with input as _with(_encrypt, "/request/batch", 256)
}

test_batch_defaults_to_one if {
	authz.decision == _encrypt_granted with input as _without(_encrypt, "/request/batch")
}

test_batch_beyond_limit if {
	every size in [257, 0, -1, null, "2"] {
		authz.decision == _encrypt_refused(["batch-limit"]) with input as _with(_encrypt, "/request/batch", size)
	}
}

test_batch_of_what_has_none if {
	authz.decision == _refused(["batch-limit"]) with input as _with(_call("RotateKey", "custodian"), "/request/batch", 2)
}

test_kill_switch if {
	every engaged in [true, null, "no", 0] {
		authz.decision == _encrypt_refused(["kill-switch"]) with input as _with(_encrypt, "/killSwitch", engaged)
	}
	authz.decision == _encrypt_granted with input as _with(_encrypt, "/killSwitch", false)
}

test_kill_switch_is_released if {
	authz.decision == _granted with input as _with(_call("SetKillSwitch", "administrator"), "/killSwitch", true)
}

test_caller_named if {
	authz.decision == _encrypt_granted with input as _with(_encrypt, "/key/tags/callers", "other caller")
}

test_caller_not_named if {
	authz.decision == _encrypt_refused(["caller-not-listed"]) with input as _with(_encrypt, "/key/tags/callers", "callers other")
}

test_no_tags if {
	authz.decision == _encrypt_granted with input as _without(_encrypt, "/key/tags")
}

test_destroy_with_quorum if {
	authz.decision == {"allow": true, "reasons": ["granted"], "obligations": _quorum} with input as _destroy
}

test_destroy_without_approval if {
	authz.decision == _destroy_refused(["approval-invalid", "quorum-not-met"]) with input as _call("DestroyKey", "administrator")
}

test_destroy_with_one if {
	one := _with(_destroy, "/approvals/approvers", [_approver("anna")])
	authz.decision == _destroy_refused(["quorum-not-met"]) with input as one
}

test_destroy_with_one_twice if {
	twice := _with(_destroy, "/approvals/approvers", [_approver("anna"), _approver("anna")])
	authz.decision == _destroy_refused(["quorum-not-met"]) with input as twice
}

test_destroy_with_the_requester_among_them if {
	authz.decision == _destroy_refused(["quorum-not-met"]) with input as _with(_destroy, "/approvals/requester", "bert")
}

test_destroy_with_the_caller_among_them if {
	authz.decision == _destroy_refused(["quorum-not-met"]) with input as _with(_destroy, "/actor/id", "bert")
}

test_destroy_with_a_requester_unknown if {
	authz.decision == _destroy_refused(["quorum-not-met"]) with input as _without(_destroy, "/approvals/requester")
}

test_destroy_with_an_approver_of_another_role if {
	other := _with(_destroy, "/approvals/approvers/1/roles", ["auditor"])
	authz.decision == _destroy_refused(["quorum-not-met"]) with input as other
}

test_destroy_with_an_approval_of_another_key if {
	authz.decision == _destroy_refused(["approval-invalid"]) with input as _with(_destroy, "/approvals/key", "other")
}

test_destroy_with_an_approval_of_another_operation if {
	other := _with(_destroy, "/approvals/required-for", "RotateKey")
	authz.decision == _destroy_refused(["approval-invalid"]) with input as other
}

test_destroy_too_late if {
	authz.decision == _destroy_refused(["approval-invalid"]) with input as _with(_destroy, "/time/epoch", 1795478401)
}

test_destroy_without_expiry if {
	authz.decision.allow with input as _without(_destroy, "/approvals/expires")
}

# Data may name another quorum, never none.
test_destroy_needs_a_quorum_in_the_data if {
	not authz.decision.allow with input as _destroy with parameters.quorums as {}
	none := {"DestroyKey": {"approvers": 0, "role": "custodian"}}
	not authz.decision.allow with input as _destroy with parameters.quorums as none
}

test_approve if {
	authz.decision == _granted with input as _approve
}

test_approve_ones_own_request if {
	authz.decision == _refused(["approval-invalid"]) with input as _with(_approve, "/approvals/requester", "anna")
}

test_approve_nothing if {
	authz.decision == _refused(["approval-invalid"]) with input as _with(_approve, "/approvals", null)
}

_ask_for(operation, role) := object.union(_call("RequestApproval", role), {"request": {"parameters": {"for": operation}}})

test_request_approval if {
	authz.decision == _granted with input as _ask_for("DestroyKey", "administrator")
	authz.decision == _granted with input as _ask_for("Decrypt", "application")
}

# Nobody asks for what would be refused with every approval.
test_approval_is_asked_for_what_the_own_role_permits if {
	every other in [
		_ask_for("DestroyKey", "application"),
		_ask_for("Decrypt", "administrator"),
		_call("RequestApproval", "administrator"),
	] {
		authz.decision == _refused(["request-not-permitted"]) with input as other
	}
}

_unlock := {
	"operation": "SetKillSwitch",
	"killSwitch": true,
	"actor": {"id": "caller", "roles": ["administrator"]},
	"request": {"source": "127.0.0.1", "batch": 1, "parameters": {"on": false}},
	"approvals": {
		"required-for": "SetKillSwitch",
		"request": "01R",
		"requester": "asker",
		"key": "",
		"expires": 1795478401,
		"approvers": [_approver("anna"), _approver("bert")],
	},
	"time": {"epoch": 1795478400},
}

_unlock_quorum := {"approvals": {"quorum": 2, "of": "custodian", "validSeconds": 3600}}

# One person locks; it takes two more to unlock.
test_unlocking_takes_a_quorum if {
	authz.decision == {"allow": true, "reasons": ["granted"], "obligations": _unlock_quorum} with input as _unlock
	every alone in [_without(_unlock, "/approvals"), _with(_unlock, "/approvals/approvers", [])] {
		not authz.decision.allow with input as alone
		authz.decision.obligations == _unlock_quorum with input as alone
	}
	authz.decision == _granted with input as _with(_without(_unlock, "/approvals"), "/request/parameters/on", true)
}

test_unlocking_by_an_approval_for_a_key if {
	other := _with(_unlock, "/approvals/key", _key.id)
	authz.decision == {"allow": false, "reasons": ["approval-invalid"], "obligations": _unlock_quorum} with input as other
}

# Approvals for it are asked for, given and taken back while the switch is on.
test_approval_of_unlocking_while_locked if {
	request := object.union(_without(_unlock, "/approvals"), {
		"operation": "RequestApproval",
		"request": {"parameters": {"for": "SetKillSwitch"}},
	})
	authz.decision == _granted with input as request
	authz.decision == _granted with input as _with(_approve, "/killSwitch", true)
	taken_back := object.union(_approve, {"operation": "WithdrawApproval", "killSwitch": true})
	authz.decision == _granted with input as taken_back
}

test_approval_for_a_key_operation_names_the_key if {
	request := object.union(_without(_unlock, "/approvals"), {
		"operation": "RequestApproval",
		"request": {"parameters": {"for": "DestroyKey"}},
	})
	authz.decision == _refused(["key-state", "key-unknown"]) with input as request
}

_rotate := object.union(_call("RotateKey", "administrator"), {
	"key": {"tags": {"dual-control": "required"}},
	"approvals": {
		"required-for": "RotateKey",
		"requester": "caller",
		"key": _key.id,
		"expires": 1795478401,
		"approvers": [_approver("anna")],
	},
})

_rotate_quorum := {"approvals": {"quorum": 1, "of": "custodian", "validSeconds": 86400}}

test_dual_control_where_a_tag_asks_for_it if {
	authz.decision == {"allow": true, "reasons": ["granted"], "obligations": _rotate_quorum} with input as _rotate
	alone := _with(_rotate, "/approvals", null)
	authz.decision == {
		"allow": false,
		"reasons": ["approval-invalid", "quorum-not-met"],
		"obligations": _rotate_quorum,
	} with input as alone
	authz.decision == _granted with input as _with(alone, "/key/tags", {"dual-control": "optional"})
	authz.decision == _granted with input as _without(alone, "/key/tags")
}

# A KEK under dual control is rotated with approval, and what it wraps moves.
test_obligations_add_up if {
	kek := _with(_rotate, "/key/purpose", "wrap")
	authz.decision.obligations == object.union(_rotate_quorum, {"reWrap": parameters.reWrap}) with input as kek
}

# A condition that does not hold leaves what destroys without its quorum, and so refused.
test_destroying_cannot_be_made_conditional if {
	conditional := {"DestroyKey": {"approvers": 1, "role": "custodian", "when": {"tags": {"a": "b"}}}}
	not authz.decision.allow with input as _destroy with parameters.quorums as conditional
}

_unwrap := object.union(_call("Decrypt", "application"), {
	"key": {"algorithm": "AES_256_GCM", "purpose": "wrap", "tags": {"dual-control": "required"}},
	"request": {"parameters": {"ciphertext": "sha256:00"}},
	"approvals": {
		"required-for": "Decrypt",
		"requester": "caller",
		"key": _key.id,
		"expires": 1795478401,
		"approvers": [_approver("anna")],
	},
})

_unwrap_refused(reasons) := {"allow": false, "reasons": reasons, "obligations": _unwrap_quorum}

_unwrap_quorum := {"approvals": {"quorum": 1, "of": "custodian", "validSeconds": 3600}}

test_dual_control_of_unwrapping if {
	authz.decision == {"allow": true, "reasons": ["granted"], "obligations": _unwrap_quorum} with input as _unwrap
	alone := _with(_unwrap, "/approvals", null)
	authz.decision == _unwrap_refused(["approval-invalid", "quorum-not-met"]) with input as alone
	authz.decision == _granted with input as _with(alone, "/key/purpose", "encrypt")
	authz.decision == _granted with input as _with(alone, "/key/tags", {})
}

test_unwrapping_by_an_approval_of_another if {
	authz.decision == _unwrap_refused(["approval-invalid"]) with input as _with(_unwrap, "/approvals/requester", "asker")
	same := {"asker": ["asker", "caller"]}
	authz.decision.allow with input as _with(_unwrap, "/approvals/requester", "asker") with parameters.persons as same
}

_export := {
	"operation": "ExportBackup",
	"actor": {"id": "caller", "method": "token", "roles": ["administrator"]},
	"request": {"source": "127.0.0.1", "batch": 1},
	"approvals": {
		"required-for": "ExportBackup",
		"requester": "caller",
		"key": "",
		"expires": 1795478401,
		"approvers": [_approver("anna"), _approver("bert")],
	},
	"time": {"epoch": 1795478400},
}

test_exporting_a_backup_takes_a_quorum if {
	authz.decision == {"allow": true, "reasons": ["granted"], "obligations": _quorum} with input as _export
	one := _with(_export, "/approvals/approvers", [_approver("anna")])
	authz.decision == _destroy_refused(["quorum-not-met"]) with input as one
	another := _with(_export, "/approvals/requester", "asker")
	authz.decision == _destroy_refused(["approval-invalid"]) with input as another
}

# Data may name another quorum, never none.
test_exporting_a_backup_needs_a_quorum_in_the_data if {
	not authz.decision.allow with input as _export with parameters.quorums as {}
}

_exempt := object.union(_call("GrantException", "compliance"), {
	"request": {"source": "127.0.0.1", "batch": 1, "parameters": {"rule": "lifecycle/cryptoperiod", "days": 90}},
	"approvals": {
		"required-for": "GrantException",
		"requester": "caller",
		"key": _key.id,
		"expires": 1795478401,
		"approvers": [_approver("anna"), _approver("bert")],
	},
})

_exempt_quorum := {"approvals": {"quorum": 2, "of": "custodian", "validSeconds": 604800}}

_exempt_refused(reasons) := {"allow": false, "reasons": reasons, "obligations": _exempt_quorum}

test_an_exception_takes_a_quorum if {
	authz.decision == {"allow": true, "reasons": ["granted"], "obligations": _exempt_quorum} with input as _exempt
	one := _with(_exempt, "/approvals/approvers", [_approver("anna")])
	authz.decision == _exempt_refused(["quorum-not-met"]) with input as one
	manager := _with(_exempt, "/actor", {"id": "caller", "roles": ["administrator"], "hat": "security"})
	authz.decision == _exempt_refused(["role-not-permitted"]) with input as manager
}

# Data may name another quorum, never none.
test_an_exception_needs_a_quorum_in_the_data if {
	not authz.decision.allow with input as _exempt with parameters.quorums as {}
}

test_an_exception_is_from_a_rule_there_is_and_for_no_longer_than_policy_leaves if {
	every days in [0, 181, "9", null] {
		asked := _with(_exempt, "/request/parameters/days", days)
		authz.decision == _exempt_refused(["exception-not-permitted"]) with input as asked
	}
	authz.decision.allow with input as _with(_exempt, "/request/parameters/days", 180)
	authz.decision.allow with input as _with(_exempt, "/request/parameters/days", 1)
	other := _with(_exempt, "/request/parameters/rule", "lifecycle/unheard_of")
	authz.decision == _exempt_refused(["exception-not-permitted"]) with input as other
}

test_an_exception_is_withdrawn_by_one if {
	withdraw := _with(_call("WithdrawException", "compliance"), "/request/parameters", {"exception": "e"})
	authz.decision == _granted with input as withdraw
}
