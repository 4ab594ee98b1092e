package keyproof.rules.lifecycle.pre_active_overdue_test

import data.keyproof.fixture
import data.keyproof.rules.lifecycle.pre_active_overdue

test_whole_result if {
	pre_active_overdue.result == {
		"rule": "lifecycle/pre_active_overdue",
		"status": "PASS",
		"title": "Becomes active when it was to",
		"description": "A key that was to become active by itself did so within the hours that policy allows.",
		"severity": "medium",
		"remediation": "See why the broker did not activate the key, and enable it.",
		"controls": [
			{"framework": "nist-800-57", "version": "pt1r5", "id": "8.1"},
		],
		"evidence": {"activates": "2026-11-23T00:00:00Z", "allowedHours": 24, "faults": []},
	} with input as fixture.with_fields({"state": "pre-active", "activates": "2026-11-23T00:00:00Z"})
}

_answer := fixture.verdict(pre_active_overdue.result)

test_fail_a_second_later if {
	given := fixture.with_fields({"state": "pre-active", "activates": "2026-11-22T23:59:59Z"})
	_answer == fixture.judged("FAIL", ["overdue"]) with input as given
}

test_not_evaluated_for_what_is_no_time if {
	given := fixture.with_fields({"state": "pre-active", "activates": "soon"})
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_without_a_time if {
	given := fixture.with_fields({"state": "pre-active"})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_applicable_when_active if {
	given := fixture.input_of(fixture.key)
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}
