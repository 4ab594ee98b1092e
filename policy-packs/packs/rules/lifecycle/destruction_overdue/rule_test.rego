package keyproof.rules.lifecycle.destruction_overdue_test

import data.keyproof.fixture
import data.keyproof.rules.lifecycle.destruction_overdue

test_whole_result if {
	destruction_overdue.result == {
		"rule": "lifecycle/destruction_overdue",
		"status": "PASS",
		"title": "A destruction that is due is done",
		"description": "A key whose ordered destruction is due is destroyed within the hours that policy allows.",
		"severity": "medium",
		"remediation": "See why the broker could not destroy the key, most likely its device is away, and let it finish.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.7.5"},
			{"framework": "nist-800-57", "version": "pt1r5", "id": "8.4"},
		],
		"evidence": {"due": "2026-11-23T00:00:00Z", "allowedHours": 24, "faults": []},
	} with input as fixture.with_fields({"state": "suspended", "destroys": "2026-11-23T00:00:00Z"})
}

_answer := fixture.verdict(destruction_overdue.result)

test_fail_a_second_later if {
	given := fixture.with_fields({"state": "suspended", "destroys": "2026-11-22T23:59:59Z"})
	_answer == fixture.judged("FAIL", ["overdue"]) with input as given
}

test_pass_before_it_is_due if {
	given := fixture.with_fields({"state": "suspended", "destroys": "2026-12-24T00:00:00Z"})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_for_what_is_no_time if {
	given := fixture.with_fields({"destroys": "soon"})
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_without_an_order if {
	given := fixture.input_of(fixture.key)
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_applicable_when_destroyed if {
	given := fixture.with_fields({"state": "destroyed", "destroys": "2026-11-22T23:59:59Z"})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}
