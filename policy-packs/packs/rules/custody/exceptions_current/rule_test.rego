package keyproof.rules.custody.exceptions_current_test

import data.keyproof.fixture
import data.keyproof.rules.custody.exceptions_current

_given(until) := object.union(fixture.input_of(fixture.key), {"history": {"exceptions": {"court": {
	"rule": "lifecycle/dormant",
	"since": 1795000000,
	"until": until,
	"approval": "01A",
}}}})

test_whole_result if {
	exceptions_current.result == {
		"rule": "custody/exceptions_current",
		"status": "PASS",
		"title": "No exception outlives its time",
		"description": "An exception from a rule that was granted for the key has not run out: when its time is over it is withdrawn, or granted anew by a quorum.",
		"severity": "medium",
		"remediation": "Meet the rule and withdraw the exception, or ask a quorum to grant it anew.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "CA-5"},
			{"framework": "iso-27001", "version": "2022", "id": "A.8.24"},
		],
		"evidence": {"granted": 1, "faults": []},
	} with input as _given(1795478401)
}

_answer := fixture.verdict(exceptions_current.result)

test_fail_when_its_time_is_over if {
	_answer == fixture.judged("FAIL", ["expired:court"]) with input as _given(1795478400)
}

test_not_applicable_where_nothing_was_granted if {
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as fixture.input_of(fixture.key)
}

test_not_evaluated_without_a_history if {
	given := object.remove(fixture.input_of(fixture.key), ["history"])
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_when_destroyed if {
	given := object.union(_given(1), {"key": {"state": "destroyed"}})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}
