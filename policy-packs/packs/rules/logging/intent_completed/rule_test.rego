package keyproof.rules.logging.intent_completed_test

import data.keyproof.fixture
import data.keyproof.rules.logging.intent_completed

test_whole_result if {
	intent_completed.result == {
		"rule": "logging/intent_completed",
		"status": "PASS",
		"title": "What was begun has an end on the record",
		"description": "Each intent that is on the record is completed by an outcome within the minutes that policy allows.",
		"severity": "high",
		"remediation": "See whether the broker runs that recorded the intent: it settles what is open when it starts and as soon as its database answers.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "AU-10"},
			{"framework": "nist-800-53", "version": "r5", "id": "AU-12"},
		],
		"evidence": {"open": 0, "allowedMinutes": 15, "faults": []},
	} with input as fixture.installation_input
}

_answer := fixture.verdict(intent_completed.result)

test_fail_a_second_later if {
	given := fixture.with_installation({"open": {"count": 1, "oldest": [{"event": "i1", "operation": "RotateKey", "time": 1795477499}]}})
	_answer == fixture.judged("FAIL", ["RotateKey i1"]) with input as given
}

test_pass_on_the_last_second if {
	given := fixture.with_installation({"open": {"count": 1, "oldest": [{"event": "i1", "operation": "RotateKey", "time": 1795477500}]}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_installation
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
