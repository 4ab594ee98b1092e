package keyproof.rules.quorum.approval_used_once_test

import data.keyproof.fixture
import data.keyproof.rules.quorum.approval_used_once

test_whole_result if {
	approval_used_once.result == {
		"rule": "quorum/approval_used_once",
		"status": "PASS",
		"title": "An approval serves once",
		"description": "No approval stands behind two things that were done; one that ordered a destruction stands behind the order and behind the destruction.",
		"severity": "critical",
		"remediation": "Find out who changed the broker's database: it alone says that an approval is used up.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "AC-3(2)"},
			{"framework": "nist-800-53", "version": "r5", "id": "AU-10"},
		],
		"evidence": {"approvals": 1, "faults": []},
	} with input as fixture.installation_input
}

_answer := fixture.verdict(approval_used_once.result)

test_fail_when_used_twice if {
	given := fixture.replaced_installation("approvals", [{"approval": "A1", "operation": "SetKillSwitch"}, {"approval": "A1", "operation": "SetKillSwitch"}])
	_answer == fixture.judged("FAIL", ["A1"]) with input as given
}

test_fail_when_an_order_was_done_twice if {
	given := fixture.replaced_installation("approvals", [{"approval": "A1", "order": "O1"}, {"approval": "A1", "order": "O1"}])
	_answer == fixture.judged("FAIL", ["A1 O1"]) with input as given
}

test_pass_when_it_was_ordered_and_done if {
	given := fixture.replaced_installation("approvals", [{"approval": "A1"}, {"approval": "A1", "order": "O1"}])
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

test_fail_names_what_was_used_twice_alone if {
	given := fixture.replaced_installation("approvals", [{"approval": "A1"}, {"approval": "A1"}, {"approval": "A2"}])
	_answer == fixture.judged("FAIL", ["A1"]) with input as given
}
