package keyproof.rules.separation.conflicting_roles_test

import data.keyproof.fixture
import data.keyproof.rules.separation.conflicting_roles

test_whole_result if {
	conflicting_roles.result == {
		"rule": "separation/conflicting_roles",
		"status": "PASS",
		"title": "No account has roles that exclude each other",
		"description": "Of roles that policy keeps apart no account showed both within the days that policy counts as one person's, be it in different calls.",
		"severity": "high",
		"remediation": "Take one of the roles from the account at the identity provider; look through what it did under both.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "AC-5"},
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.6.1.3"},
			{"framework": "hipaa", "version": "2013", "id": "164.312(d)"},
		],
		"evidence": {"roles": ["application"], "days": 90, "faults": []},
	} with input as fixture.account_input
}

_answer := fixture.verdict(conflicting_roles.result)

test_fail_with_both if {
	given := fixture.with_account({"roles": {"custodian": {"last": 1795392000}}})
	_answer == fixture.judged("FAIL", ["application-and-custodian"]) with input as given
}

test_fail_on_the_last_day if {
	given := fixture.with_account({"roles": {"auditor": {"last": 1787702400}}})
	_answer == fixture.judged("FAIL", ["application-and-auditor"]) with input as given
}

test_pass_a_second_later if {
	given := fixture.with_account({"roles": {"auditor": {"last": 1787702399}}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_pass_with_what_goes_together if {
	given := fixture.with_account({"roles": {"monitor": {"last": 1795392000}}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_account
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_to_the_broker_itself if {
	given := fixture.with_account({"roles": {"scheduler": {"last": 1795392000}}})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_applicable_without_roles if {
	given := fixture.replaced_account("roles", {})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}
