package keyproof.rules.separation.dormant_account_test

import data.keyproof.fixture
import data.keyproof.parameters
import data.keyproof.rules.separation.dormant_account

test_whole_result if {
	dormant_account.result == {
		"rule": "separation/dormant_account",
		"status": "PASS",
		"title": "Who may manage keys does so, or may no longer",
		"description": "An account with a role that may make, change or destroy keys called within the days that policy allows, or policy says that it ended; and one that ended calls no more.",
		"severity": "medium",
		"remediation": "Take the role from the account at the identity provider and tell policy that it ended, or find out why it is kept; of one that calls after its end find out who does.",
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

_left(since) := [{"id": "payments", "since": since}, {"id": "other", "since": "2020-01-01T00:00:00Z"}]

# The last call was at midnight of 2026-08-26.
test_not_applicable_when_it_ended if {
	given := fixture.replaced_account("roles", {"administrator": {"last": 1787702400}})
	long_ago := object.union(given, {"time": {"epoch": 1887702400}})
	every at in [given, long_ago] {
		_answer == fixture.judged("NOT-APPLICABLE", []) with input as at
			with parameters.endedAccounts as _left("2026-08-26T00:00:00Z")
	}
	_answer == fixture.judged("FAIL", ["dormant"]) with input as long_ago with parameters.endedAccounts as [_left("2020-01-01T00:00:00Z")[1]]
}

test_fail_when_it_calls_after_its_end_whatever_its_role if {
	every role in ["administrator", "application"] {
		given := fixture.replaced_account("roles", {role: {"last": 1787702400}})
		_answer == fixture.judged("FAIL", ["called-after-its-end"]) with input as given
			with parameters.endedAccounts as _left("2026-08-25T23:59:59Z")
	}
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
