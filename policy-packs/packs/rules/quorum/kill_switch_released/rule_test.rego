package keyproof.rules.quorum.kill_switch_released_test

import data.keyproof.fixture
import data.keyproof.rules.quorum.kill_switch_released

test_whole_result if {
	kill_switch_released.result == {
		"rule": "quorum/kill_switch_released",
		"status": "PASS",
		"title": "The kill switch is released by approval",
		"description": "Where the kill switch was turned off, that was approved.",
		"severity": "high",
		"remediation": "Find out under which policy it was released; turn it on again while nobody knows why it had been turned on.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "AC-3(2)"},
			{"framework": "nist-800-53", "version": "r5", "id": "CM-3(6)"},
		],
		"evidence": {"switch": {"on": false, "time": 1795392000, "approval": "A2"}, "faults": []},
	} with input as fixture.installation_input
}

_answer := fixture.verdict(kill_switch_released.result)

test_fail_without_approval if {
	given := fixture.replaced_installation("switch", {"on": false, "time": 1795392000})
	_answer == fixture.judged("FAIL", ["not-approved"]) with input as given
}

test_not_applicable_while_it_is_on if {
	given := fixture.replaced_installation("switch", {"on": true, "time": 1795392000})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_applicable_when_nobody_turned_it if {
	given := fixture.replaced_installation("switch", null)
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_installation
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
