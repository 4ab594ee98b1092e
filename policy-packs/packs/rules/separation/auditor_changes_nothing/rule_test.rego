package keyproof.rules.separation.auditor_changes_nothing_test

import data.keyproof.fixture
import data.keyproof.rules.separation.auditor_changes_nothing

test_whole_result if {
	auditor_changes_nothing.result == {
		"rule": "separation/auditor_changes_nothing",
		"status": "PASS",
		"title": "Who audits keys neither changes nor uses them",
		"description": "An account with a role that wears the hat of audit made, changed, destroyed and used no key within the days that policy counts as one person's, but under an elevation.",
		"severity": "high",
		"remediation": "Give the account to audit alone; look through what it did, with another auditor.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "AC-5"},
			{"framework": "nist-800-53", "version": "r5", "id": "AU-9(4)"},
		],
		"evidence": {"roles": ["auditor"], "days": 90, "faults": []},
	} with input as fixture.auditor({"ListKeys": {"count": 1, "last": 1795392000}})
}

_answer := fixture.verdict(auditor_changes_nothing.result)

test_fail_when_it_uses if {
	given := fixture.with_account({"roles": {"auditor": {"last": 1795392000}}})
	_answer == fixture.judged("FAIL", ["Encrypt"]) with input as given
}

test_fail_when_it_changes if {
	given := fixture.auditor({"UpdateKey": {"count": 1, "last": 1787702400}})
	_answer == fixture.judged("FAIL", ["UpdateKey"]) with input as given
}

test_pass_when_that_is_long_ago if {
	given := fixture.auditor({"UpdateKey": {"count": 1, "last": 1787702399}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_applicable_to_others if {
	given := fixture.account_input
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_account
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
