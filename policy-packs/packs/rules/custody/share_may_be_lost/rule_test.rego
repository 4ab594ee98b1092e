package keyproof.rules.custody.share_may_be_lost_test

import data.keyproof.fixture
import data.keyproof.rules.custody.share_may_be_lost

test_whole_result if {
	share_may_be_lost.result == {
		"rule": "custody/share_may_be_lost",
		"status": "PASS",
		"title": "A share or a token of the root may be lost",
		"description": "In the latest ceremony the root got more shares than put it together, and stands in more than one token.",
		"severity": "high",
		"remediation": "Hold another ceremony with a share and a token to spare.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "SC-12(1)"},
			{"framework": "nist-800-57", "version": "pt1r5", "id": "5.5"},
		],
		"evidence": {"ceremony": {"time": 1767225600, "threshold": 2, "shares": 3, "tokens": 2, "custodians": ["alice", "bob", "carol"]}, "faults": []},
	} with input as fixture.installation_input
}

_answer := fixture.verdict(share_may_be_lost.result)

test_fail_when_each_share_is_needed if {
	given := fixture.with_installation({"ceremonies": {"C9": {"time": 1780000000, "threshold": 2, "shares": 2, "tokens": 2, "custodians": ["alice", "bob"]}}})
	_answer == fixture.judged("FAIL", ["no-spare-share"]) with input as given
}

test_fail_with_one_token if {
	given := fixture.with_installation({"ceremonies": {"C9": {"time": 1780000000, "threshold": 2, "shares": 3, "tokens": 1, "custodians": ["alice", "bob", "carol"]}}})
	_answer == fixture.judged("FAIL", ["no-spare-token"]) with input as given
}

test_not_applicable_without_a_ceremony if {
	given := fixture.replaced_installation("ceremonies", {})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_installation
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
