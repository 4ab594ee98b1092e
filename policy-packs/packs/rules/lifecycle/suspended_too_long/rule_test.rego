package keyproof.rules.lifecycle.suspended_too_long_test

import data.keyproof.fixture
import data.keyproof.rules.lifecycle.suspended_too_long

test_whole_result if {
	suspended_too_long.result == {
		"rule": "lifecycle/suspended_too_long",
		"status": "PASS",
		"title": "A suspended key is not forgotten",
		"description": "A key is suspended for no longer than policy allows: then it is resumed, deactivated, or its destruction is ordered.",
		"severity": "low",
		"remediation": "Decide what becomes of the key: enable it, deactivate it, or order its destruction.",
		"controls": [
			{"framework": "nist-800-57", "version": "pt1r5", "id": "7"},
			{"framework": "iso-27001", "version": "2022", "id": "A.8.24"},
		],
		"evidence": {"since": 1787702400, "allowedDays": 90, "faults": []},
	} with input as fixture.in_state("suspended", 1787702400)
}

_answer := fixture.verdict(suspended_too_long.result)

test_fail_a_second_later if {
	given := fixture.in_state("suspended", 1787702399)
	_answer == fixture.judged("FAIL", ["forgotten"]) with input as given
}

test_not_evaluated_without_a_history if {
	given := object.remove(fixture.in_state("suspended", 1), ["history"])
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_when_its_destruction_is_ordered if {
	given := object.union(fixture.in_state("suspended", 1), {"key": {"destroys": "2026-12-24T00:00:00Z"}})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_applicable_when_active if {
	given := fixture.input_of(fixture.key)
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}
