package keyproof.rules.quorum.in_time_test

import data.keyproof.fixture
import data.keyproof.rules.quorum.in_time

test_whole_result if {
	in_time.result == {
		"rule": "quorum/in_time",
		"status": "PASS",
		"title": "A quorum does not keep waiting",
		"description": "What was done by approval within the days that policy looks back had its quorum within the minutes that policy wants.",
		"severity": "low",
		"remediation": "Ask who is on call whether the notices arrive, and whether there are enough approvers.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "CA-7"},
			{"framework": "iso-27001", "version": "2022", "id": "A.8.24"},
		],
		"evidence": {"longestSeconds": 600, "wantedMinutes": 60, "faults": []},
	} with input as fixture.installation_input
}

_answer := fixture.verdict(in_time.result)

test_fail_a_second_later if {
	given := fixture.with_approval({"event": "e9", "operation": "DestroyKey", "time": 1795392000, "caller": "root", "approval": "A9", "seconds": 3601, "requester": "root", "approvers": ["alice", "bob"]})
	_answer == fixture.judged("FAIL", ["DestroyKey A9"]) with input as given
}

test_pass_on_the_last_second if {
	given := fixture.with_approval({"event": "e9", "operation": "DestroyKey", "time": 1795392000, "caller": "root", "approval": "A9", "seconds": 3600, "requester": "root", "approvers": ["alice", "bob"]})
	_answer == fixture.judged("PASS", []) with input as given
}

test_pass_when_that_is_long_ago if {
	given := fixture.with_approval({"event": "e9", "operation": "DestroyKey", "time": 1792886399, "caller": "root", "approval": "A9", "seconds": 3601, "requester": "root", "approvers": ["alice", "bob"]})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_applicable_when_nothing_was_approved if {
	given := fixture.replaced_installation("approvals", [])
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_installation
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
