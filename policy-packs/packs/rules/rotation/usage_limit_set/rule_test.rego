package keyproof.rules.rotation.usage_limit_set_test

import data.keyproof.fixture
import data.keyproof.rules.rotation.usage_limit_set

test_whole_result if {
	usage_limit_set.result == {
		"rule": "rotation/usage_limit_set",
		"status": "PASS",
		"title": "Its uses are limited where its algorithm wears out",
		"description": "A key of an algorithm that bears only so many uses has a usage limit, and not above what the algorithm bears.",
		"severity": "medium",
		"remediation": "Rotate the key within what its algorithm bears, and create its successor with a usage limit.",
		"controls": [
			{"framework": "nist-800-38d", "version": "2007", "id": "8.3"},
			{"framework": "nist-800-57", "version": "pt1r5", "id": "5.3"},
		],
		"evidence": {"limit": 4294967296, "most": 4294967296, "faults": []},
	} with input as fixture.input_of(fixture.key)
}

_answer := fixture.verdict(usage_limit_set.result)

test_fail_without_a_limit if {
	given := fixture.without("usageLimit")
	_answer == fixture.judged("FAIL", ["no-limit"]) with input as given
}

test_fail_above_what_it_bears if {
	given := fixture.with_fields({"usageLimit": 4294967297})
	_answer == fixture.judged("FAIL", ["limit-too-high"]) with input as given
}

test_not_evaluated_without_an_id if {
	given := fixture.without("id")
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_to_an_algorithm_that_bears_any_number if {
	given := fixture.with_fields({"algorithm": "EC_P256"})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_applicable_when_deactivated if {
	given := fixture.with_fields({"state": "deactivated"})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}
