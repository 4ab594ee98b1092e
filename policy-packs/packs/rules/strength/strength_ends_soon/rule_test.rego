package keyproof.rules.strength.strength_ends_soon_test

import data.keyproof.fixture
import data.keyproof.rules.strength.strength_ends_soon

test_whole_result if {
	strength_ends_soon.result == {
		"rule": "strength/strength_ends_soon",
		"status": "PASS",
		"title": "Its strength outlasts the notice",
		"description": "No step of the minimum strength that comes into force within the notice is above the strength of the key's algorithm, so that there is time to replace it.",
		"severity": "low",
		"remediation": "Plan the replacement now: create a key of a stronger algorithm and move its callers to it before the step is in force.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "12.3.3"},
			{"framework": "nist-800-57", "version": "pt1r5", "id": "5.6.1"},
			{"framework": "nist-800-131a", "version": "r2", "id": "algorithms"},
		],
		"evidence": {"algorithm": "AES_256_GCM", "strength": 256, "noticeDays": 365, "faults": []},
	} with input as fixture.input_of(fixture.key)
}

_answer := fixture.verdict(strength_ends_soon.result)

test_fail_on_the_first_day_of_the_notice if {
	given := object.union(fixture.with_fields({"algorithm": "RSA_2048"}), {"time": {"epoch": 1924992000 - (365 * 86400)}})
	_answer == fixture.judged("FAIL", ["below-coming-strength"]) with input as given
}

test_pass_a_second_earlier if {
	given := object.union(fixture.with_fields({"algorithm": "RSA_2048"}), {"time": {"epoch": (1924992000 - (365 * 86400)) - 1}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_pass_when_it_is_in_force if {
	given := object.union(fixture.with_fields({"algorithm": "RSA_2048"}), {"time": {"epoch": 1924992000}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_for_an_unknown_algorithm if {
	given := fixture.with_fields({"algorithm": "DES3"})
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_when_deactivated if {
	given := fixture.with_fields({"state": "deactivated"})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_pass_when_it_is_as_strong_as_the_step if {
	given := object.union(fixture.with_fields({"algorithm": "RSA_3072"}), {"time": {"epoch": 1924992000 - 1}})
	_answer == fixture.judged("PASS", []) with input as given
}
