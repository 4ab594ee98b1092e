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
	"actor": {"id": "caller", "roles": [role]},
	"key": _key,
	"request": {"source": "127.0.0.1", "batch": 1},
	"approvals": null,
	"time": {"epoch": 1795478400},
}

_encrypt := _call("Encrypt", "application")

_create := object.union(_call("CreateKey", "administrator"), {
	"key": null,
	"request": {"algorithm": "EC_P256", "purpose": "sign"},
})

_approver(id) := {"id": id, "key": "thumbprint", "roles": ["custodian"]}

_destroy := object.union(_call("DestroyKey", "administrator"), {"approvals": {
	"required-for": "DestroyKey",
	"request": "01R",
	"requester": "asker",
	"key": _key.id,
	"expires": 1795478401,
	"approvers": [_approver("anna"), _approver("bert")],
}})

_approve := object.union(_destroy, {"operation": "Approve", "actor": {"id": "anna", "roles": ["custodian"]}})

_with(input_, path, value) := json.patch(input_, [{"op": "add", "path": path, "value": value}])

_without(input_, path) := json.remove(input_, [path])

_granted := {"allow": true, "reasons": ["granted"], "obligations": {}}

_refused(reasons) := {"allow": false, "reasons": reasons, "obligations": {}}

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
		every role in ["application", "custodian", "administrator", "auditor", "operator", "stranger"] {
			refused := "role-not-permitted" in authz.decision.reasons with input as _call(operation, role)
			permitted := operation in object.get(parameters.roles, role, [])
			refused != permitted
		}
	}
}

test_application_encrypts if {
	authz.decision == _granted with input as _encrypt
}

test_unknown_operation if {
	"operation-unknown" in authz.decision.reasons with input as _call("ExportKey", "administrator")
}

test_nobody if {
	every nobody in ["", " ", null] {
		authz.decision == _refused(["caller-unknown"]) with input as _with(_encrypt, "/actor/id", nobody)
	}
}

test_role_not_permitted if {
	authz.decision == _refused(["role-not-permitted"]) with input as _call("Encrypt", "auditor")
}

test_roles_that_exclude_each_other if {
	both := _with(_encrypt, "/actor/roles", ["application", "custodian"])
	authz.decision == _refused(["roles-conflict"]) with input as both
}

test_roles_that_do_not if {
	authz.decision == _granted with input as _with(_encrypt, "/actor/roles", ["application", "operator"])
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
	authz.decision == _refused(["purpose-mismatch"]) with input as _call("Sign", "application")
}

test_algorithm_no_longer_allowed if {
	old := _with(_encrypt, "/key/algorithm", "DES3")
	authz.decision == _refused(["algorithm-not-allowed"]) with input as old
}

test_algorithm_for_processing_only if {
	legacy := {"DES3": {"purpose": "encrypt", "protect": false, "process": true}}
	decrypt := _with(_call("Decrypt", "application"), "/key/algorithm", "DES3")
	authz.decision == _granted with input as decrypt with parameters.algorithms as legacy
	encrypt := _with(_encrypt, "/key/algorithm", "DES3")
	authz.decision == _refused(["algorithm-not-allowed"]) with input as encrypt with parameters.algorithms as legacy
}

test_create if {
	authz.decision == _granted with input as _create
}

test_create_for_another_purpose if {
	authz.decision == _refused(["purpose-mismatch"]) with input as _with(_create, "/request/purpose", "encrypt")
}

test_create_with_an_unknown_algorithm if {
	unknown := _with(_create, "/request/algorithm", "DES3")
	authz.decision == _refused(["algorithm-not-allowed", "purpose-mismatch"]) with input as unknown
}

test_rotate if {
	authz.decision == _granted with input as _call("RotateKey", "custodian")
}

test_services_need_no_key if {
	every operation in ["ListKeys", "ReadInventory", "SetKillSwitch"] {
		authz.decision == _granted with input as _with(_call(operation, "administrator"), "/key", null)
	}
}

test_batch_within_limit if {
	authz.decision == _granted with input as _with(_encrypt, "/request/batch", 256)
}

test_batch_defaults_to_one if {
	authz.decision == _granted with input as _without(_encrypt, "/request/batch")
}

test_batch_beyond_limit if {
	every size in [257, 0, -1, null, "2"] {
		authz.decision == _refused(["batch-limit"]) with input as _with(_encrypt, "/request/batch", size)
	}
}

test_batch_of_what_has_none if {
	authz.decision == _refused(["batch-limit"]) with input as _with(_call("RotateKey", "custodian"), "/request/batch", 2)
}

test_kill_switch if {
	every engaged in [true, null, "no", 0] {
		authz.decision == _refused(["kill-switch"]) with input as _with(_encrypt, "/killSwitch", engaged)
	}
	authz.decision == _granted with input as _with(_encrypt, "/killSwitch", false)
}

test_kill_switch_is_released if {
	authz.decision == _granted with input as _with(_call("SetKillSwitch", "administrator"), "/killSwitch", true)
}

test_caller_named if {
	authz.decision == _granted with input as _with(_encrypt, "/key/tags/callers", "other caller")
}

test_caller_not_named if {
	authz.decision == _refused(["caller-not-listed"]) with input as _with(_encrypt, "/key/tags/callers", "callers other")
}

test_no_tags if {
	authz.decision == _granted with input as _without(_encrypt, "/key/tags")
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

test_request_approval if {
	authz.decision == _granted with input as _call("RequestApproval", "administrator")
}
