package keyproof.rules.separation.dormant_account_test

import data.keyproof.fixture
import data.keyproof.rules.separation.dormant_account

test_whole_result if {
	dormant_account.result == {
		"rule": "separation/dormant_account",
		"status": "PASS",
		"title": "Who may manage keys does so, or may no longer",
		"description": "An account with a role that may make, change or destroy keys called within the days that policy allows.",
		"severity": "medium",
		"remediation": "Take the role from the account at the identity provider, or find out why it is kept.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "AC-5"},
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.6.1.3"},
		],
		"evidence": {"lastCall": 1795392000, "allowedDays": 90, "faults": []},
	} with input as fixture.with_account({"roles": {"administrator": {"last": 1795392000}}})
}

_answer := fixture.verdict(dormant_account.result)

test_fail_a_second_later if {
	given := fixture.replaced_account("roles", {"administrator": {"last": 1787702399}})
	_answer == fixture.judged("FAIL", ["dormant"]) with input as given
}

test_pass_on_the_last_second if {
	given := fixture.replaced_account("roles", {"administrator": {"last": 1787702400}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_applicable_to_who_only_uses if {
	given := fixture.replaced_account("roles", {"application": {"last": 1}})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_applicable_to_the_broker_itself if {
	given := fixture.replaced_account("roles", {"scheduler": {"last": 1}})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_account
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
