package keyproof.authz_actor_test

import data.keyproof.authz
import data.keyproof.parameters

_call(operation, actor) := {
	"operation": operation,
	"actor": actor,
	"key": {"id": "01K", "purpose": "encrypt", "algorithm": "AES_256_GCM", "state": "active", "tags": {}},
	"request": {"source": "127.0.0.1"},
	"time": {"epoch": 1795478400},
}

_person(roles) := {"id": "ann", "method": "token", "roles": roles}

_wearing(roles, hat) := object.union(_person(roles), {"hat": hat})

test_the_first_call_puts_the_hat_on if {
	by_role := {"application": "operations", "operator": "operations", "custodian": "security", "administrator": "security", "auditor": "audit"}
	every role, hat in by_role {
		decision := authz.decision with input as _call("GetKey", _person([role])) with parameters.roles as {role: ["GetKey"]}
		decision == {"allow": true, "reasons": ["granted"], "obligations": {"wear": hat}}
	}
}

test_who_makes_a_key_wears_a_hat_on_it if {
	create := object.union(_call("CreateKey", _person(["administrator"])), {
		"key": null,
		"request": {"algorithm": "AES_256_GCM", "purpose": "encrypt", "parameters": {}},
	})
	authz.decision.obligations.wear == "security" with input as create
}

test_who_approves_wears_a_hat_on_the_key if {
	approve := object.union(_call("Approve", _person(["custodian"])), {"key": null, "approvals": {"requester": "bob", "key": "01K"}})
	authz.decision == {"allow": true, "reasons": ["granted"], "obligations": {"wear": "security"}} with input as approve
	used := object.union(approve, {"actor": _wearing(["custodian"], "operations")})
	authz.decision == {"allow": false, "reasons": ["hat-worn"], "obligations": {}} with input as used
}

test_who_approves_for_no_key_wears_none if {
	approve := object.union(_call("Approve", _person(["custodian"])), {"key": null, "approvals": {"requester": "bob", "key": ""}})
	authz.decision == {"allow": true, "reasons": ["granted"], "obligations": {}} with input as approve
}

test_nobody_wears_two_hats_on_one_key if {
	roles := {"operations": "application", "security": "administrator", "audit": "auditor"}
	every hat, role in roles {
		every worn, _ in roles {
			decision := authz.decision with input as _call("GetKey", _wearing([role], worn)) with parameters.roles as {role: ["GetKey"]}
			decision == _expected(hat == worn)
		}
	}
}

_expected(true) := {"allow": true, "reasons": ["granted"], "obligations": {}}

_expected(false) := {"allow": false, "reasons": ["hat-worn"], "obligations": {}}

test_nobody_wears_two_hats_at_once if {
	both := _call("DisableKey", _person(["administrator", "operator"]))
	authz.decision == _expected(false) with input as both
	authz.decision.allow with input as object.union(both, {"operation": "ListKeys", "key": null})
}

test_the_broker_wears_none if {
	own := {"id": "keyproof-broker", "method": "broker", "roles": ["scheduler"]}
	authz.decision == _expected(true) with input as _call("RotateKey", own)
}

_workload := {"id": "spiffe://prod.test/ns/shop/orders", "method": "workload", "roles": [], "groups": []}

_by_id := [{"method": "workload", "ids": ["spiffe://prod.test/ns/shop/*"], "roles": ["application"]}]

_by_group := [{"method": "certificate", "groups": ["payments"], "roles": ["application"]}]

test_roles_are_granted_by_id if {
	authz.decision.allow with input as _call("Encrypt", _workload) with parameters.grants as _by_id
	not authz.decision.allow with input as _call("RotateKey", _workload) with parameters.grants as _by_id
}

test_roles_are_granted_by_group if {
	person := {"id": "x509:ann", "method": "certificate", "roles": [], "groups": ["payments"]}
	authz.decision.allow with input as _call("Encrypt", person) with parameters.grants as _by_group
	authz.decision.reasons == ["role-not-permitted"] with input as _call("Encrypt", object.union(person, {"groups": ["sales"]}))
		with parameters.grants as _by_group
}

test_what_is_granted_is_granted_to_nobody_else if {
	strangers := [
		object.union(_workload, {"id": "spiffe://prod.test/ns/shop/orders/x"}),
		object.union(_workload, {"id": "spiffe://prod.test/ns/other/orders"}),
		object.union(_workload, {"method": "token"}),
		object.remove(_workload, ["method"]),
	]
	every stranger in strangers {
		authz.decision == {"allow": false, "reasons": ["role-not-permitted"], "obligations": {"usageLimit": 4294967296}} with input as _call("Encrypt", stranger)
			with parameters.grants as _by_id
	}
}

test_what_is_granted_is_told_for_the_record if {
	both := [object.union(_by_id[0], {"roles": ["operator", "application"]})]
	done := authz.decision with input as _call("Encrypt", _workload) with parameters.grants as both
	done.obligations.granted == ["application", "operator"]
	refused := authz.decision with input as _call("RotateKey", _workload) with parameters.grants as _by_id
	refused == {"allow": false, "reasons": ["role-not-permitted"], "obligations": {"granted": ["application"]}}
}

test_what_the_proof_carries_is_not_told_again if {
	proven := object.union(_workload, {"roles": ["application"]})
	decision := authz.decision with input as _call("Encrypt", proven) with parameters.grants as _by_id
	decision.allow
	not decision.obligations.granted
}

test_what_is_granted_can_conflict_too if {
	custodian := object.union(_workload, {"roles": ["custodian"]})
	reasons := authz.decision.reasons with input as _call("Encrypt", custodian) with parameters.grants as _by_id
	"roles-conflict" in reasons
}
