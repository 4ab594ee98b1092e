package keyproof.rules.lifecycle.cryptoperiod_test

import data.keyproof.fixture
import data.keyproof.rules.lifecycle.cryptoperiod

test_whole_result if {
	cryptoperiod.result == {
		"rule": "lifecycle/cryptoperiod",
		"status": "PASS",
		"title": "Rotated within its cryptoperiod",
		"description": "The current version of a key in use is younger than its cryptoperiod: the period its owner declared, and at most the period that policy sets for its purpose.",
		"severity": "medium",
		"remediation": "Rotate the key now, and declare a rotation period within the maximum for its purpose.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.7.4"},
			{"framework": "nist-800-57", "version": "pt1r5", "id": "5.3"},
			{"framework": "nist-800-53", "version": "r5", "id": "SC-12"},
			{"framework": "iso-27001", "version": "2022", "id": "A.8.24"},
		],
		"evidence": {"rotated": "2026-11-01T00:00:00Z", "declaredDays": 90, "maximumDays": 365, "ageDays": 23, "faults": []},
	} with input as fixture.input_of(fixture.key)
}

_answer := fixture.verdict(cryptoperiod.result)

test_pass_on_the_last_second if {
	_answer == fixture.judged("PASS", []) with input as fixture.with_fields({"rotated": "2026-08-26T00:00:00Z"})
}

test_fail_one_second_later if {
	_answer == fixture.judged("FAIL", ["overdue"]) with input as fixture.with_fields({"rotated": "2026-08-25T23:59:59Z"})
}

test_fail_by_policy_where_none_is_declared if {
	spoiled := fixture.with_fields({"rotated": "2025-11-01T00:00:00Z", "rotationPeriodDays": null})
	_answer == fixture.judged("FAIL", ["overdue"]) with input as spoiled
}

test_fail_declared_too_long if {
	spoiled := fixture.with_fields({"rotationPeriodDays": 1000})
	_answer == fixture.judged("FAIL", ["declared-period-too-long"]) with input as spoiled
}

test_fail_declared_nothing if {
	spoiled := fixture.with_fields({"rotationPeriodDays": 0})
	_answer == fixture.judged("FAIL", ["declared-period-invalid", "overdue"]) with input as spoiled
}

test_fail_from_the_future if {
	spoiled := fixture.with_fields({"rotated": "2027-11-01T00:00:00Z"})
	_answer == fixture.judged("FAIL", ["rotated-in-future"]) with input as spoiled
}

test_not_evaluated_without_rotation if {
	_answer == fixture.judged("NOT-EVALUATED", []) with input as fixture.without("rotated")
}

test_not_evaluated_for_an_unknown_purpose if {
	_answer == fixture.judged("NOT-EVALUATED", []) with input as fixture.with_fields({"purpose": "fun"})
}

test_not_applicable_when_deactivated if {
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as fixture.with_fields({"state": "deactivated"})
}

test_pass_declared_as_long_as_policy_permits if {
	_answer == fixture.judged("PASS", []) with input as fixture.with_fields({"rotationPeriodDays": 365})
}

test_pass_declared_one_day if {
	given := fixture.with_fields({"rotationPeriodDays": 1, "rotated": "2026-11-23T12:00:00Z"})
	_answer == fixture.judged("PASS", []) with input as given
}

test_pass_by_a_clock_that_is_five_minutes_ahead if {
	_answer == fixture.judged("PASS", []) with input as fixture.with_fields({"rotated": "2026-11-24T00:05:00Z"})
}
