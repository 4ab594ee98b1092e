package keyproof.rules.rotation.period_declared_test

import data.keyproof.fixture
import data.keyproof.rules.rotation.period_declared

test_whole_result if {
	period_declared.result == {
		"rule": "rotation/period_declared",
		"status": "PASS",
		"title": "Says when it is rotated",
		"description": "A key in use has a rotation period, so that its end is known from the beginning.",
		"severity": "low",
		"remediation": "Set a rotation period within the cryptoperiod of the key's purpose.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.7.4"},
			{"framework": "nist-800-57", "version": "pt1r5", "id": "5.3"},
		],
		"evidence": {"declaredDays": 90, "faults": []},
	} with input as fixture.input_of(fixture.key)
}

_answer := fixture.verdict(period_declared.result)

test_fail_null if {
	given := fixture.with_fields({"rotationPeriodDays": null})
	_answer == fixture.judged("FAIL", ["no-period"]) with input as given
}

test_fail_missing if {
	given := fixture.without("rotationPeriodDays")
	_answer == fixture.judged("FAIL", ["no-period"]) with input as given
}

test_not_evaluated_without_an_id if {
	given := fixture.without("id")
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_when_deactivated if {
	given := fixture.with_fields({"state": "deactivated"})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}
