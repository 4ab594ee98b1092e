package keyproof.rules.device.serves_test

import data.keyproof.fixture
import data.keyproof.rules.device.serves

test_whole_result if {
	serves.result == {
		"rule": "device/serves",
		"status": "PASS",
		"title": "A token that failed serves again",
		"description": "No token has failed for longer than policy allows without serving again.",
		"severity": "high",
		"remediation": "Repair or replace the token; until then its group has one less.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "SC-12(1)"},
			{"framework": "nist-800-53", "version": "r5", "id": "AU-5"},
		],
		"evidence": {"failed": 1795391999, "recovered": 1795392000, "allowedHours": 24, "faults": []},
	} with input as fixture.with_token({"told": {"TokenFailed": {"last": 1795391999}, "TokenRecovered": {"last": 1795392000}}})
}

_answer := fixture.verdict(serves.result)

test_fail_a_second_later if {
	given := fixture.with_token({"told": {"TokenFailed": {"last": 1795391999}}})
	_answer == fixture.judged("FAIL", ["down"]) with input as given
}

test_fail_when_it_failed_again if {
	given := fixture.with_token({"told": {"TokenFailed": {"last": 1795391999}, "TokenRecovered": {"last": 1795391998}}})
	_answer == fixture.judged("FAIL", ["down"]) with input as given
}

test_pass_on_the_last_second if {
	given := fixture.with_token({"told": {"TokenFailed": {"last": 1795392000}}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_pass_when_it_serves if {
	given := fixture.with_token({"told": {"TokenFailed": {"last": 1795391999}, "TokenRecovered": {"last": 1795391999}}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_applicable_when_it_never_failed if {
	given := fixture.token_input
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_token
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
