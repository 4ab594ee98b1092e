package keyproof.rules.device.state_not_older_test

import data.keyproof.fixture
import data.keyproof.rules.device.state_not_older

test_whole_result if {
	state_not_older.result == {
		"rule": "device/state_not_older",
		"status": "PASS",
		"title": "The brokers' database has not gone back",
		"description": "Within the days that policy looks back no broker met a database that was older than what it had seen of it.",
		"severity": "critical",
		"remediation": "Restore the newest state of the database; look for keys and approvals that came back with the older one.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "SI-7(6)"},
		],
		"evidence": {"last": null, "faults": []},
	} with input as fixture.installation_input
}

_answer := fixture.verdict(state_not_older.result)

test_fail_when_it_was_told if {
	given := fixture.with_installation({"told": {"RefuseOlderState": {"last": 1792886400}}})
	_answer == fixture.judged("FAIL", ["older"]) with input as given
}

test_pass_when_that_is_long_ago if {
	given := fixture.with_installation({"told": {"RefuseOlderState": {"last": 1792886399}}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_installation
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
