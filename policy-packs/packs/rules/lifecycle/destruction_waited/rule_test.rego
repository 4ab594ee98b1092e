package keyproof.rules.lifecycle.destruction_waited_test

import data.keyproof.fixture
import data.keyproof.rules.lifecycle.destruction_waited

test_whole_result if {
	destruction_waited.result == {
		"rule": "lifecycle/destruction_waited",
		"status": "PASS",
		"title": "An ordered destruction waited its days",
		"description": "A destruction that was ordered was done no earlier than ordered, and was ordered with no fewer days than policy wants, so that there was time to take it back.",
		"severity": "medium",
		"remediation": "Find out who shortened the wait; restore the key from the backup if it is still needed.",
		"controls": [
			{"framework": "nist-800-57", "version": "pt1r5", "id": "8.4"},
			{"framework": "nist-800-53", "version": "r5", "id": "SC-12(1)"},
		],
		"evidence": {"orderedDays": 7, "minimumDays": 7, "waitedSeconds": 604800, "faults": []},
	} with input as fixture.destroyed_by_order(604800, 7)
}

_answer := fixture.verdict(destruction_waited.result)

test_fail_before_its_day if {
	given := fixture.destroyed_by_order(604794, 7)
	_answer == fixture.judged("FAIL", ["before-its-day"]) with input as given
}

test_pass_within_the_grace if {
	given := fixture.destroyed_by_order(604795, 7)
	_answer == fixture.judged("PASS", []) with input as given
}

test_fail_ordered_for_too_soon if {
	given := fixture.destroyed_by_order(518400, 6)
	_answer == fixture.judged("FAIL", ["fewer-days-than-policy"]) with input as given
}

test_not_evaluated_when_the_order_was_not_seen if {
	given := fixture.destroyed_by_order(604800, null)
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := object.remove(fixture.destroyed, ["history"])
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_when_it_was_not_ordered if {
	given := fixture.destroyed
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_applicable_while_it_exists if {
	given := fixture.input_of(fixture.key)
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}
