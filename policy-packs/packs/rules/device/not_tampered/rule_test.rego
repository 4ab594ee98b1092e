package keyproof.rules.device.not_tampered_test

import data.keyproof.fixture
import data.keyproof.rules.device.not_tampered

test_whole_result if {
	not_tampered.result == {
		"rule": "device/not_tampered",
		"status": "PASS",
		"title": "What a token holds is what was ordered",
		"description": "Within the days that policy looks back the token held no object that nobody ordered, lacked none that was, and none was changed.",
		"severity": "critical",
		"remediation": "Take the token out of service, find out who has its PIN, and compare it with the record of births. What is still so is told again when the broker starts.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.7.7"},
			{"framework": "nist-800-53", "version": "r5", "id": "SI-7(6)"},
		],
		"evidence": {"days": 30, "faults": []},
	} with input as fixture.token_input
}

_answer := fixture.verdict(not_tampered.result)

test_fail_when_told if {
	given := fixture.with_token({"tampered": [{"time": 1792886400, "kind": "aes", "label": "mine", "difference": "nobody ordered it"}]})
	_answer == fixture.judged("FAIL", ["mine: nobody ordered it"]) with input as given
}

test_pass_when_that_is_long_ago if {
	given := fixture.with_token({"tampered": [{"time": 1792886399, "kind": "aes", "label": "mine", "difference": "nobody ordered it"}]})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_token
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
