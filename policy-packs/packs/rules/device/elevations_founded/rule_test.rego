package keyproof.rules.device.elevations_founded_test

import data.keyproof.fixture
import data.keyproof.rules.device.elevations_founded

test_whole_result if {
	elevations_founded.result == {
		"rule": "device/elevations_founded",
		"status": "PASS",
		"title": "Every elevation stands on its approval",
		"description": "Within the days that policy looks back no elevation stood in the broker's database that its approval does not cover.",
		"severity": "critical",
		"remediation": "End the elevation, and find out who changed the broker's database or who was revoked.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "AC-3(2)"},
			{"framework": "nist-800-53", "version": "r5", "id": "SI-7(6)"},
		],
		"evidence": {"last": null, "faults": []},
	} with input as fixture.installation_input
}

_answer := fixture.verdict(elevations_founded.result)

test_fail_when_it_was_told if {
	given := fixture.with_installation({"told": {"ElevationUnfounded": {"last": 1792886400}}})
	_answer == fixture.judged("FAIL", ["unfounded"]) with input as given
}

test_pass_when_that_is_long_ago if {
	given := fixture.with_installation({"told": {"ElevationUnfounded": {"last": 1792886399}}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_installation
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
