package keyproof.rules.rotation.back_out_left_test

import data.keyproof.fixture
import data.keyproof.rules.rotation.back_out_left

test_whole_result if {
	back_out_left.result == {
		"rule": "rotation/back_out_left",
		"status": "PASS",
		"title": "A rotation taken back is made good",
		"description": "A key whose rotation was taken back is rotated again within the days that policy allows; until then an old version protects.",
		"severity": "medium",
		"remediation": "Repair what the rotation was taken back for, and rotate the key.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.7.4"},
			{"framework": "nist-800-57", "version": "pt1r5", "id": "5.3"},
		],
		"evidence": {"backedOut": 1795392000, "allowedDays": 7, "faults": []},
	} with input as fixture.with_change("BackOutRotation", {"done": {"time": 1795392000, "version": 2}})
}

_answer := fixture.verdict(back_out_left.result)

test_fail_when_left if {
	given := fixture.with_change("BackOutRotation", {"done": {"time": 1794873599}})
	_answer == fixture.judged("FAIL", ["left"]) with input as given
}

test_pass_on_the_last_second if {
	given := fixture.with_change("BackOutRotation", {"done": {"time": 1794873600}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_pass_when_rotated_since if {
	given := fixture.with_change("BackOutRotation", {"done": {"time": 1793491199}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_history
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_when_nothing_was_taken_back if {
	given := fixture.input_of(fixture.key)
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_applicable_when_deactivated if {
	given := fixture.with_fields({"state": "deactivated"})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

# The rotation that was taken back in the same second makes nothing good.
test_fail_when_rotated_in_that_second if {
	given := fixture.with_change("BackOutRotation", {"done": {"time": 1793491200}})
	_answer == fixture.judged("FAIL", ["left"]) with input as given
}
