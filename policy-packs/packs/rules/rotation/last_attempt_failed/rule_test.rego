package keyproof.rules.rotation.last_attempt_failed_test

import data.keyproof.fixture
import data.keyproof.rules.rotation.last_attempt_failed

test_whole_result if {
	last_attempt_failed.result == {
		"rule": "rotation/last_attempt_failed",
		"status": "PASS",
		"title": "Its last rotation succeeded",
		"description": "No attempt to rotate the key has failed since it was last rotated.",
		"severity": "medium",
		"remediation": "Read why the attempt failed, repair the cause, and rotate the key.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.7.4"},
			{"framework": "nist-800-57", "version": "pt1r5", "id": "5.3"},
		],
		"evidence": {"failed": null, "rotated": 1793491200, "faults": []},
	} with input as fixture.input_of(fixture.key)
}

_answer := fixture.verdict(last_attempt_failed.result)

test_fail_after_the_last_success if {
	given := fixture.with_change("RotateKey", {"done": {"time": 1793491200}, "failed": {"time": 1793491201, "code": "provider-unavailable"}})
	_answer == fixture.judged("FAIL", ["failed"]) with input as given
}

test_fail_when_it_never_succeeded if {
	given := fixture.with_change("RotateKey", {"failed": {"time": 1, "code": "internal"}})
	_answer == fixture.judged("FAIL", ["failed"]) with input as given
}

test_pass_when_it_was_made_good if {
	given := fixture.with_change("RotateKey", {"done": {"time": 1793491200}, "failed": {"time": 1793491200, "code": "provider-unavailable"}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_history
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_when_deactivated if {
	given := fixture.with_fields({"state": "deactivated"})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_evaluated_on_a_life_that_began_unseen if {
	given := json.remove(fixture.input_of(fixture.key), ["/history/changes/CreateKey"])
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
