package keyproof.rules.device.adopted_once_test

import data.keyproof.fixture
import data.keyproof.rules.device.adopted_once

test_whole_result if {
	adopted_once.result == {
		"rule": "device/adopted_once",
		"status": "PASS",
		"title": "A token was taken as it is once",
		"description": "What the token held before was taken as ordered once, when it came; ever since each object has a birth on the record.",
		"severity": "high",
		"remediation": "Find out who made the broker forget the token, and compare what it holds with the record of births.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.7.7"},
			{"framework": "nist-800-57", "version": "pt1r5", "id": "8.1"},
		],
		"evidence": {"adopted": 1, "faults": []},
	} with input as fixture.token_input
}

_answer := fixture.verdict(adopted_once.result)

test_fail_when_taken_again if {
	given := fixture.with_token({"adoptions": ["e1", "e2"]})
	_answer == fixture.judged("FAIL", ["again"]) with input as given
}

test_pass_when_that_is_told_again if {
	given := fixture.with_token({"told": {"AdoptDeviceObjects": {"count": 2}}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_applicable_when_it_never_was if {
	given := fixture.replaced_token("adoptions", [])
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_token
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_when_it_tells_of_no_adoption if {
	given := json.remove(fixture.token_input, ["/token/adoptions"])
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
	adopted_once.result.evidence.adopted == 0 with input as given
}
