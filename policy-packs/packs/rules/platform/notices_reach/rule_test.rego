package keyproof.rules.platform.notices_reach_test

import data.keyproof.fixture
import data.keyproof.rules.platform.notices_reach

test_whole_result if {
	notices_reach.result == {
		"rule": "platform/notices_reach",
		"status": "PASS",
		"title": "People are told of what waits for them",
		"description": "Within the days that policy looks back every notice of an approval was delivered within a day.",
		"severity": "medium",
		"remediation": "Repair the channel; ask for what waits by hand meanwhile.",
		"controls": [
			{"framework": "iso-27001", "version": "2022", "id": "A.8.16"},
		],
		"evidence": {"last": null, "faults": []},
	} with input as fixture.installation_input
}

_answer := fixture.verdict(notices_reach.result)

test_fail_when_it_was_told if {
	given := fixture.with_installation({"told": {"NoticeFailed": {"last": 1792886400}}})
	_answer == fixture.judged("FAIL", ["not-delivered"]) with input as given
}

test_pass_when_that_is_long_ago if {
	given := fixture.with_installation({"told": {"NoticeFailed": {"last": 1792886399}}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_installation
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
