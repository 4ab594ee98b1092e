package keyproof.rules.residency.scope_bound_test

import data.keyproof.fixture
import data.keyproof.rules.residency.scope_bound

test_whole_result if {
	scope_bound.result == {
		"rule": "residency/scope_bound",
		"status": "PASS",
		"title": "Works for one environment",
		"description": "A key that protects what is sensitive is bound to one environment, where its class asks for it, so that a test cannot use what production protects.",
		"severity": "low",
		"remediation": "Bind the key to its environment.",
		"controls": [
			{"framework": "iso-27001", "version": "2022", "id": "A.8.24"},
			{"framework": "nist-800-53", "version": "r5", "id": "SC-12"},
		],
		"evidence": {"sensitivity": "restricted", "scope": {"environment": "production"}, "faults": []},
	} with input as fixture.input_of(fixture.key)
}

_answer := fixture.verdict(scope_bound.result)

test_fail_missing if {
	given := fixture.without("scope")
	_answer == fixture.judged("FAIL", ["no-environment"]) with input as given
}

test_fail_bound_to_something_else_only if {
	given := fixture.input_of(object.union(object.remove(fixture.key, ["scope"]), {"scope": {"tenant": "a"}}))
	_answer == fixture.judged("FAIL", ["no-environment"]) with input as given
}

test_not_evaluated_without_an_id if {
	given := fixture.without("id")
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_to_what_is_less_sensitive if {
	given := fixture.with_fields({"sensitivity": "internal"})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_fail_bound_to_a_blank if {
	every blank in ["", " "] {
		_answer == fixture.judged("FAIL", ["no-environment"]) with input as fixture.with_fields({"scope": {"environment": blank}})
	}
}
