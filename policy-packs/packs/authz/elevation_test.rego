package keyproof.authz_elevation_test

import data.keyproof.authz
import data.keyproof.parameters

_now := 1795478400

_key := {"id": "01K", "purpose": "encrypt", "algorithm": "AES_256_GCM", "state": "active", "tags": {}}

_lent(what) := object.union({"id": "01E", "until": _now + 1, "now": _now, "breakGlass": false}, what)

_call(operation, role, elevations) := {
	"operation": operation,
	"actor": {"id": "olga", "method": "token", "roles": [role]},
	"key": _key,
	"request": {"source": "127.0.0.1"},
	"elevations": elevations,
	"time": {"epoch": _now},
}

_worn(call, hat) := object.union(call, {"actor": {"hat": hat}})

test_a_lent_role_permits_and_is_named if {
	granted := {"allow": true, "reasons": ["granted"], "obligations": {"elevation": "01E", "wear": "security"}}
	authz.decision == granted with input as _call("RotateKey", "operator", [_lent({"role": "custodian"})])
}

test_not_without_it_and_not_when_its_time_is_over if {
	refused := {"allow": false, "reasons": ["role-not-permitted"], "obligations": {}}
	authz.decision == refused with input as _call("RotateKey", "operator", [])
	every until in [_now, _now - 1] {
		authz.decision == refused with input as _call("RotateKey", "operator", [_lent({"role": "custodian", "until": until})])
	}
}

test_what_the_own_role_permits_is_not_named if {
	own := {"allow": true, "reasons": ["granted"], "obligations": {"wear": "operations"}}
	authz.decision == own with input as _call("DisableKey", "operator", [_lent({"role": "custodian"})])
}

test_a_lent_role_puts_its_hat_on_as_any if {
	worn := _worn(_call("RotateKey", "operator", [_lent({"role": "custodian"})]), "operations")
	authz.decision == {"allow": false, "reasons": ["hat-worn"], "obligations": {"elevation": "01E"}} with input as worn
}

test_a_lent_hat_goes_over_the_one_that_is_on if {
	worn := _worn(_call("RotateKey", "custodian", []), "operations")
	authz.decision.reasons == ["hat-worn"] with input as worn
	lent := object.union(worn, {"elevations": [_lent({"hat": "security"})]})
	authz.decision == {"allow": true, "reasons": ["granted"], "obligations": {"elevation": "01E"}} with input as lent
	other := object.union(worn, {"elevations": [_lent({"hat": "audit"})]})
	authz.decision.reasons == ["hat-worn"] with input as other
}

test_a_lent_hat_that_is_not_needed_is_not_named if {
	lent := _call("RotateKey", "custodian", [_lent({"hat": "security"})])
	authz.decision == {"allow": true, "reasons": ["granted"], "obligations": {}} with input as lent
	authz.decision == {"allow": true, "reasons": ["granted"], "obligations": {}} with input as _worn(lent, "security")
}

test_both_at_once if {
	both := [_lent({"role": "custodian"}), _lent({"id": "01F", "hat": "security"})]
	worn := _worn(_call("RotateKey", "operator", both), "operations")
	authz.decision == {"allow": true, "reasons": ["granted"], "obligations": {"elevation": "01E"}} with input as worn
}

test_a_broken_glass_is_named_before_a_lent_hat if {
	both := [_lent({"id": "01A", "hat": "security"}), _lent({"role": "custodian", "breakGlass": true})]
	worn := _worn(_call("RotateKey", "operator", both), "operations")
	authz.decision == {"allow": true, "reasons": ["granted"], "obligations": {"elevation": "01E"}} with input as worn
}

test_roles_that_exclude_each_other_are_not_lent_together if {
	authz.decision.reasons == ["roles-conflict"] with input as _call("RotateKey", "auditor", [_lent({"role": "custodian"})])
}

_broken(operation) := _call(operation, "operator", [_lent({"role": "administrator", "breakGlass": true})])

test_a_broken_glass_opens_no_kill_switch_and_destroys_nothing if {
	granted := {"allow": true, "reasons": ["granted"], "obligations": {"elevation": "01E"}}
	authz.decision == granted with input as _broken("RotateKey")
	authz.decision == granted with input as _worn(_broken("RotateKey"), "operations")
	closed := object.union(_broken("RotateKey"), {"killSwitch": true})
	authz.decision == {"allow": false, "reasons": ["kill-switch"], "obligations": {"elevation": "01E"}} with input as closed
	every operation in ["DestroyKey", "ScheduleDestruction"] {
		approved := object.union(_broken(operation), {
			"request": {"parameters": {"days": 8}},
			"approvals": _approvals(operation, "01K", [_approver("anna"), _approver("bert")]),
		})
		authz.decision.reasons == ["role-not-permitted"] with input as approved
		lent := object.union(approved, {"elevations": [_lent({"role": "administrator"})]})
		authz.decision.allow with input as lent
	}
}

_approver(id) := {"id": id, "key": concat("-", [id, "key"]), "roles": ["custodian"]}

_approvals(operation, key, approvers) := {
	"required-for": operation,
	"request": "01R",
	"requester": "olga",
	"key": key,
	"expires": _now + 1,
	"approvers": approvers,
}

_ask(operation, role, terms) := {
	"operation": operation,
	"actor": {"id": "olga", "method": "token", "roles": [role]},
	"request": {"source": "127.0.0.1", "parameters": object.union({"minutes": 60, "breakGlass": false, "keys": 1}, terms)},
	"elevation": {"id": "01E", "holder": "olga", "breakGlass": false, "approvers": ["anna"]},
	"time": {"epoch": _now},
}

_not_permitted := ["elevation-not-permitted"]

test_who_may_ask_for_what_and_how_long if {
	authz.decision == {"allow": true, "reasons": ["granted"], "obligations": {}} with input as _ask("RequestElevation", "operator", {"role": "custodian"})
	authz.decision.allow with input as _ask("RequestElevation", "custodian", {"hat": "security"})
	every minutes in [1, 240] {
		authz.decision.allow with input as _ask("RequestElevation", "operator", {"role": "custodian", "minutes": minutes})
	}
	every terms in [
		{"role": "scheduler"},
		{"hat": "audit"},
		{"role": "custodian", "hat": "security"},
		{"role": "custodian", "minutes": 241},
		{"role": "custodian", "minutes": 0},
		{},
	] {
		authz.decision.reasons == _not_permitted with input as _ask("RequestElevation", "operator", terms)
	}
	authz.decision.reasons == _not_permitted with input as _ask("RequestElevation", "administrator", {"role": "custodian"})
	authz.decision.reasons == ["elevation-not-permitted", "role-not-permitted"] with input as _ask("RequestElevation", "application", {"role": "custodian"})
}

# What does not say that the glass is broken asks as anyone does.
test_glass_is_whole_unless_it_is_said_to_be_broken if {
	asked := json.remove(_ask("RequestElevation", "operator", {"role": "auditor"}), ["/request/parameters/breakGlass"])
	authz.decision == {"allow": true, "reasons": ["granted"], "obligations": {}} with input as asked
}

_activate(approvers) := object.union(
	_ask("ActivateElevation", "operator", {"role": "custodian"}),
	{"approvals": _approvals("ActivateElevation", "", approvers)},
)

test_a_quorum_stands_for_it if {
	obligations := {"approvals": {"quorum": 2, "of": "custodian", "validSeconds": 14400}}
	two := _activate([_approver("anna"), _approver("bert")])
	authz.decision == {"allow": true, "reasons": ["granted"], "obligations": obligations} with input as two
	every few in [[], [_approver("anna")], [_approver("anna"), _approver("olga")]] {
		authz.decision.reasons == ["quorum-not-met"] with input as _activate(few)
	}
	authz.decision.reasons == ["approval-invalid", "quorum-not-met"] with input as object.remove(two, ["approvals"])
	another := object.union(two, {"elevation": {"holder": "otto"}})
	authz.decision.reasons == _not_permitted with input as another
}

_hold(terms, required_for, approvers) := object.union(_ask("HoldElevation", "scheduler", terms), {
	"actor": {"id": "keyproof-broker", "method": "broker"},
	"approvals": _approvals(required_for, "", approvers),
})

test_every_broker_asks_again if {
	two := [_approver("anna"), _approver("bert")]
	authz.decision.allow with input as _hold({"role": "custodian"}, "ActivateElevation", two)
	authz.decision.reasons == ["quorum-not-met"] with input as _hold({"role": "custodian"}, "ActivateElevation", [_approver("anna")])
	authz.decision.reasons == _not_permitted with input as _hold({"role": "custodian"}, "BreakGlass", two)
	authz.decision.reasons == _not_permitted with input as _hold({"role": "custodian", "minutes": 300}, "ActivateElevation", two)
	late := object.union(_hold({"role": "custodian"}, "ActivateElevation", two), {"time": {"epoch": _now + 1}})
	authz.decision.reasons == ["approval-invalid"] with input as late
}

_glass := {"role": "custodian", "breakGlass": true}

_break(terms, approver) := object.union(_ask("BreakGlass", "operator", object.union(_glass, terms)), {"approvals": _approvals("BreakGlass", "", [approver])})

_tokens := ["olga-key"]

_model := "2fc0579f-8113-47ea-b116-bb5a8db9202a"

test_glass_is_broken_by_a_hard_token_alone if {
	obligations := {"breakGlass": {"validSeconds": 300, "reviewHours": 24}}
	granted := {"allow": true, "reasons": ["granted"], "obligations": obligations}
	asked := _ask("RequestElevation", "operator", _glass)
	authz.decision == granted with input as asked
	authz.decision == granted with input as _break({}, _approver("olga")) with parameters.elevation.breakGlass.hardTokens as _tokens
	authz.decision == granted with input as _break({}, object.union(_approver("olga"), {"aaguid": _model})) with parameters.hardTokens as [_model]
	authz.decision.reasons == _not_permitted with input as _break({}, object.union(_approver("olga"), {"aaguid": _model}))
	every approver in [_approver("olga"), _approver("anna"), object.union(_approver("anna"), {"aaguid": _model})] {
		authz.decision.reasons == _not_permitted with input as _break({}, approver) with parameters.hardTokens as [_model]
	}
}

test_a_broken_glass_is_brief_and_narrow if {
	every terms in [{"minutes": 1}, {"minutes": 60}, {"keys": 1}, {"keys": 8}] {
		granted := _break(terms, object.union(_approver("olga"), {"aaguid": _model}))
		authz.decision.allow with input as granted with parameters.hardTokens as [_model]
	}
	every terms in [{"minutes": 61}, {"keys": 0}, {"keys": 9}, {"role": "auditor"}, {"hat": "security"}] {
		refused := _break(terms, object.union(_approver("olga"), {"aaguid": _model}))
		authz.decision.reasons == _not_permitted with input as refused with parameters.hardTokens as [_model]
		authz.decision.reasons == _not_permitted with input as object.union(refused, {"operation": "RequestElevation"})
	}
	late := object.union(_break({}, object.union(_approver("olga"), {"aaguid": _model})), {"approvals": {"expires": _now}})
	authz.decision.reasons == _not_permitted with input as late with parameters.hardTokens as [_model]
}

test_a_broken_glass_is_held_by_its_token if {
	hard := object.union(_approver("olga"), {"aaguid": _model})
	authz.decision.allow with input as _hold(_glass, "BreakGlass", [hard]) with parameters.hardTokens as [_model]
	authz.decision.reasons == _not_permitted with input as _hold(_glass, "BreakGlass", [_approver("olga")]) with parameters.hardTokens as [_model]
	redated := object.union(_hold(_glass, "BreakGlass", [hard]), {"time": {"epoch": _now + 1}})
	authz.decision.reasons == _not_permitted with input as redated with parameters.hardTokens as [_model]
	authz.decision.reasons == _not_permitted with input as _hold(_glass, "ActivateElevation", [hard]) with parameters.hardTokens as [_model]
}

_on(operation, actor, roles, of) := {
	"operation": operation,
	"actor": {"id": actor, "method": "token", "roles": roles},
	"request": {"source": "127.0.0.1"},
	"elevation": object.union({"id": "01E", "holder": "olga", "breakGlass": true, "ended": true, "approvers": ["anna"]}, of),
	"time": {"epoch": _now},
}

test_who_ends_it if {
	authz.decision.allow with input as _on("EndElevation", "olga", ["operator"], {})
	authz.decision.allow with input as _on("EndElevation", "anna", ["operator"], {})
	authz.decision.allow with input as _on("EndElevation", "sven", ["custodian"], {})
	authz.decision.reasons == _not_permitted with input as _on("EndElevation", "otto", ["operator"], {})
}

test_nobody_judges_the_own_session_under_another_name if {
	one := {"olga": ["olga", "CN=olga"]}
	every operation in ["ReviewElevation", "ReadSession", "ExportSession"] {
		authz.decision.allow with input as _on(operation, "CN=olga", ["auditor"], {})
		authz.decision.reasons == _not_permitted with input as _on(operation, "CN=olga", ["auditor"], {}) with parameters.persons as one
	}
}

test_who_reviews_it if {
	authz.decision.allow with input as _on("ReviewElevation", "eve", ["auditor"], {})
	authz.decision.allow with input as _on("ReviewElevation", "sven", ["custodian"], {})
	authz.decision.reasons == _not_permitted with input as _on("ReviewElevation", "olga", ["auditor"], {})
	authz.decision.reasons == _not_permitted with input as _on("ReviewElevation", "eve", ["auditor"], {"breakGlass": false})
	authz.decision.reasons == _not_permitted with input as _on("ReviewElevation", "eve", ["auditor"], {"ended": false})
	authz.decision.reasons == ["elevation-not-permitted", "role-not-permitted"] with input as _on("ReviewElevation", "otto", ["operator"], {})
}

test_who_reads_its_session if {
	every operation in ["ReadSession", "ExportSession"] {
		authz.decision.allow with input as _on(operation, "eve", ["auditor"], {})
		authz.decision.reasons == _not_permitted with input as _on(operation, "olga", ["auditor"], {})
		authz.decision.reasons == ["role-not-permitted"] with input as _on(operation, "otto", ["operator"], {})
	}
	authz.decision.allow with input as _on("ReadElevations", "olga", ["operator"], {})
}
