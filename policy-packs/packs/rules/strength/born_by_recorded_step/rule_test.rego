package keyproof.rules.strength.born_by_recorded_step_test

import data.keyproof.fixture
import data.keyproof.rules.strength.born_by_recorded_step

test_whole_result if {
	born_by_recorded_step.result == {
		"rule": "strength/born_by_recorded_step",
		"status": "PASS",
		"title": "Was born by a recorded step",
		"description": "The key's birth is an outcome on the record that completes an intent, and a key that lives in its device alone was generated in it.",
		"severity": "high",
		"remediation": "Find out how the key came to be. Where that cannot be shown, create a new one through the broker, move its callers to it, and destroy this one.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.7.1"},
			{"framework": "nist-800-57", "version": "pt1r5", "id": "8.1"},
			{"framework": "nist-800-53", "version": "r5", "id": "SC-12"},
			{"framework": "iso-27001", "version": "2022", "id": "A.8.24"},
		],
		"evidence": {"intent": "01KAV3J8Q4W6Z0X1Y2T3R4S5P5", "residence": "resident", "local": true, "faults": []},
	} with input as fixture.input_of(fixture.key)
}

_answer := fixture.verdict(born_by_recorded_step.result)

test_fail_without_an_intent if {
	given := fixture.with_change("CreateKey", {"done": {"time": 1767225600}})
	_answer == fixture.judged("FAIL", ["no-intent"]) with input as given
}

test_fail_when_brought_in_from_outside if {
	given := fixture.with_attributes({"local": false})
	_answer == fixture.judged("FAIL", ["not-born-in-device"]) with input as given
}

test_pass_when_replicated if {
	given := fixture.with_fields({"residence": "replicated", "attributes": {"local": false}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_when_its_birth_was_not_seen if {
	given := fixture.without_change("CreateKey")
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_history
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_when_destroyed if {
	given := fixture.destroyed
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}
