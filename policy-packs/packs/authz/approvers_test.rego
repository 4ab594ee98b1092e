package keyproof.authz_approvers_test

import data.keyproof.authz
import data.keyproof.parameters

_approver(id) := {"id": id, "key": "thumbprint", "roles": ["custodian"]}

_enrolled := [_approver("anna"), _approver("bert"), _approver("cleo")]

_call(operation, parameters_) := {
	"operation": operation,
	"actor": {"id": "root", "method": "token", "roles": ["administrator"]},
	"key": null,
	"request": {"source": "127.0.0.1", "batch": 1, "parameters": parameters_},
	"approvals": {
		"required-for": operation,
		"request": "01R",
		"requester": "asker",
		"key": "",
		"expires": 1795478401,
		"approver": parameters_.approver,
		"enrolled": _enrolled,
		"approvers": [_approver("anna"), _approver("bert")],
	},
	"time": {"epoch": 1795478400},
}

_enrol := _call("EnrolApprover", {"approver": "dora", "roles": "custodian", "enrolment": "sha256:00"})

_revoke := _call("RevokeApprover", {"approver": "cleo"})

_with(input_, path, value) := json.patch(input_, [{"op": "add", "path": path, "value": value}])

_quorum := {"approvals": {"quorum": 2, "of": "custodian", "validSeconds": 86400}}

_granted := {"allow": true, "reasons": ["granted"], "obligations": _quorum}

_refused(reasons) := {"allow": false, "reasons": reasons, "obligations": _quorum}

test_a_quorum_enrols_and_revokes if {
	authz.decision == _granted with input as _enrol
	authz.decision == _granted with input as _revoke
	every call in [_enrol, _revoke] {
		authz.decision == _refused(["quorum-not-met"]) with input as _with(call, "/approvals/approvers", [_approver("anna")])
	}
}

test_who_is_enrolled_or_revoked_does_not_count if {
	own := _with(_enrol, "/approvals/approvers", [_approver("anna"), _approver("dora")])
	authz.decision == _refused(["quorum-not-met"]) with input as own
	authz.decision == _refused(["quorum-not-met"]) with input as _with(_revoke, "/approvals/approvers", [_approver("anna"), _approver("cleo")])
}

# Whatever the data says: without an entry of its own, nobody is enrolled.
test_no_enrolment_without_a_quorum if {
	every call in [_enrol, _revoke] {
		authz.decision.reasons == ["quorum-not-met"] with input as call with parameters.quorums as {}
	}
}

test_enough_are_left if {
	two := _with(_revoke, "/approvals/enrolled", [_approver("anna"), _approver("cleo")])
	authz.decision == _refused(["too-few-approvers"]) with input as two
	one_person := {"anna": ["anna", "bert"]}
	authz.decision.reasons == ["quorum-not-met", "too-few-approvers"] with input as _revoke with parameters.persons as one_person
	other := _with(two, "/approvals/enrolled/1/roles", ["observer"])
	authz.decision == _granted with input as other
}

test_roles_are_not_taken_below_a_quorum if {
	less := _with(_with(_enrol, "/approvals/approver", "cleo"), "/request/parameters/roles", "observer")
	authz.decision == _granted with input as less
	two := [_approver("anna"), _approver("cleo")]
	authz.decision == _refused(["too-few-approvers"]) with input as _with(less, "/approvals/enrolled", two)
	same := _with(_with(less, "/approvals/enrolled", two), "/request/parameters/roles", "observer custodian")
	authz.decision == _granted with input as same
}

test_what_is_not_told_is_refused if {
	authz.decision == _refused(["too-few-approvers"]) with input as json.remove(_revoke, ["/approvals/enrolled"])
	authz.decision == _refused(["too-few-approvers"]) with input as json.remove(_revoke, ["/approvals/approver"])
}

_asks(id, role) := {
	"operation": "RequestApproval",
	"actor": {"id": id, "method": "token", "roles": [role]},
	"request": {"parameters": {"for": "EnrolApprover", "approver": "dora"}},
	"time": {"epoch": 1795478400},
}

test_who_may_approve_asks_for_the_own_enrolment if {
	authz.decision.allow with input as _asks("dora", "custodian")
	authz.decision.allow with input as _asks("root", "administrator")
	authz.decision.reasons == ["request-not-permitted", "role-not-permitted"] with input as _asks("anna", "custodian")
	authz.decision.reasons == ["request-not-permitted"] with input as _asks("dora", "application")
	destroying := _with(_asks("dora", "custodian"), "/request/parameters/for", "SetKillSwitch")
	authz.decision.reasons == ["request-not-permitted", "role-not-permitted"] with input as destroying
}

_approve(id) := {
	"operation": "Approve",
	"actor": {"id": id, "method": "token", "roles": ["custodian"], "hat": "security"},
	"request": {"source": "127.0.0.1"},
	"approvals": {"requester": "x509:ann", "approver": "dora", "key": ""},
	"time": {"epoch": 1795478400},
}

test_nobody_approves_for_the_same_person if {
	authz.decision.allow with input as _approve("ann")
	authz.decision.reasons == ["approval-invalid"] with input as _approve("dora")
	authz.decision.reasons == ["approval-invalid"] with input as _approve("ann") with parameters.persons as {"Ann": ["ann", "x509:ann"]}
	authz.decision.reasons == ["approval-invalid"] with input as _approve("ann") with parameters.persons as {"Dora": ["ann", "dora"]}
}

test_one_person_counts_once if {
	named_twice := {"Ann": ["anna", "bert"]}
	authz.decision == _refused(["quorum-not-met"]) with input as _enrol with parameters.persons as named_twice
}

_model := "2fc0579f-8113-47ea-b116-bb5a8db9202a"

test_a_quorum_of_hard_tokens if {
	hard := {"EnrolApprover": {"approvers": 2, "role": "custodian", "validSeconds": 86400, "hardToken": true}}
	held := _with(_with(_enrol, "/approvals/approvers/0/aaguid", _model), "/approvals/approvers/1/aaguid", _model)
	authz.decision == _refused(["quorum-not-met"]) with input as _enrol with parameters.quorums as hard with parameters.hardTokens as [_model]
	authz.decision == _granted with input as held with parameters.quorums as hard with parameters.hardTokens as [_model]
	authz.decision == _refused(["quorum-not-met"]) with input as held with parameters.quorums as hard with parameters.hardTokens as []
}

_held(id) := object.union(_approver(id), {"aaguid": _model})

# Somebody with another token, or none, still has the role and counts no more where tokens are asked for.
test_hard_tokens_are_left if {
	quorums := {
		"EnrolApprover": {"approvers": 2, "role": "custodian", "validSeconds": 86400},
		"DestroyKey": {"approvers": 2, "role": "custodian", "validSeconds": 86400, "hardToken": true},
	}
	own := _with(_enrol, "/approvals/approver", "cleo")
	two := _with(own, "/approvals/enrolled", [_approver("anna"), _held("bert"), _held("cleo")])
	authz.decision.reasons == ["too-few-approvers"] with input as two with parameters.quorums as quorums with parameters.hardTokens as [_model]
	hard := _with(two, "/request/parameters/aaguid", _model)
	authz.decision.allow with input as hard with parameters.quorums as quorums with parameters.hardTokens as [_model]
	three := _with(two, "/approvals/enrolled", [_held("anna"), _held("bert"), _held("cleo")])
	authz.decision.allow with input as three with parameters.quorums as quorums with parameters.hardTokens as [_model]
}

test_those_who_lend_are_left if {
	lent := {"roles": {"auditor": {"quorum": {"approvers": 3, "role": "custodian", "validSeconds": 60}}}, "hats": {}}
	authz.decision == _refused(["too-few-approvers"]) with input as _revoke with parameters.elevation as lent
	four := _with(_revoke, "/approvals/enrolled", array.concat(_enrolled, [_approver("dora")]))
	authz.decision == _granted with input as four with parameters.elevation as lent
}

# What the broker asks before it believes what a peer entered.
_hold := {
	"operation": "HoldApprover",
	"actor": {"id": "keyproof-broker", "method": "broker", "roles": ["scheduler"]},
	"request": {"source": "127.0.0.1", "batch": 1},
	"approvals": {
		"required-for": "HoldApprover",
		"requester": "asker",
		"approver": "dora",
		"key": "",
		"approvers": [_approver("anna"), _approver("bert")],
	},
	"time": {"epoch": 1795478400},
}

test_what_a_peer_entered_takes_a_quorum if {
	authz.decision == _granted with input as _hold
	authz.decision == _refused(["quorum-not-met"]) with input as _with(_hold, "/approvals/approvers", [_approver("anna")])
	authz.decision == _refused(["quorum-not-met"]) with input as _with(_hold, "/approvals/approvers/1/roles", ["observer"])
	authz.decision.reasons == ["quorum-not-met"] with input as _hold with parameters.quorums as {}
}
