package keyproof.rules.separation.repeated_refusals_test

import data.keyproof.fixture
import data.keyproof.rules.separation.repeated_refusals

test_whole_result if {
	repeated_refusals.result == {
		"rule": "separation/repeated_refusals",
		"status": "PASS",
		"title": "What policy refuses is not tried again and again",
		"description": "On no day was an account refused more often than mistakes explain.",
		"severity": "medium",
		"remediation": "Ask who has the account what it wanted; if nobody did, take its credentials from it.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "CA-7"},
			{"framework": "hipaa", "version": "2013", "id": "164.308(a)(1)(ii)(D)"},
			{"framework": "iso-27001", "version": "2022", "id": "A.8.16"},
		],
		"evidence": {"mostInADay": 3, "allowed": 50, "faults": []},
	} with input as fixture.account_input
}

_answer := fixture.verdict(repeated_refusals.result)

test_fail_with_one_more if {
	given := fixture.with_account({"days": [{"day": 20780, "refused": 51}]})
	_answer == fixture.judged("FAIL", ["too-many"]) with input as given
}

test_fail_on_the_oldest_day_that_counts if {
	given := fixture.with_account({"days": [{"day": 20751, "refused": 51}]})
	_answer == fixture.judged("FAIL", ["too-many"]) with input as given
}

test_pass_with_what_is_allowed if {
	given := fixture.with_account({"days": [{"day": 20780, "refused": 50}]})
	_answer == fixture.judged("PASS", []) with input as given
}

test_pass_when_that_is_long_ago if {
	given := fixture.with_account({"days": [{"day": 20750, "refused": 51}]})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_applicable_when_nothing_was_refused if {
	given := fixture.replaced_account("days", [])
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_account
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_pass_a_second_after_it_counted if {
	given := object.union(fixture.with_account({"days": [{"day": 20751, "refused": 51}]}), {"time": {"epoch": 1795478401}})
	_answer == fixture.judged("PASS", []) with input as given
}
