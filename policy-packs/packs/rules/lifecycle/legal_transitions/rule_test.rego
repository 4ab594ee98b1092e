package keyproof.rules.lifecycle.legal_transitions_test

import data.keyproof.fixture
import data.keyproof.rules.lifecycle.legal_transitions

test_whole_result if {
	legal_transitions.result == {
		"rule": "lifecycle/legal_transitions",
		"status": "PASS",
		"title": "Went from state to state as the model permits",
		"description": "Every change of the key's state on the record is one that the model of states has.",
		"severity": "high",
		"remediation": "Find the record of the change that is named, and who did it; treat the key as used without authority until that is known.",
		"controls": [
			{"framework": "nist-800-57", "version": "pt1r5", "id": "7"},
			{"framework": "nist-800-53", "version": "r5", "id": "SC-12"},
		],
		"evidence": {"transitions": ["active-to-active", "none-to-active"], "faults": []},
	} with input as fixture.input_of(fixture.key)
}

_answer := fixture.verdict(legal_transitions.result)

test_fail_back_from_the_dead if {
	given := fixture.with_history({"transitions": [{"from": "destroyed", "to": "active", "count": 1, "last": 1795392000}]})
	_answer == fixture.judged("FAIL", ["destroyed-to-active"]) with input as given
}

test_fail_from_a_state_that_is_none if {
	given := fixture.with_history({"transitions": [{"from": "odd", "to": "active", "count": 1, "last": 1795392000}]})
	_answer == fixture.judged("FAIL", ["odd-to-active"]) with input as given
}

test_pass_without_any if {
	given := fixture.with_history({"transitions": []})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_history
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_evaluated_on_a_life_that_began_unseen if {
	given := json.remove(fixture.input_of(fixture.key), ["/history/changes/CreateKey"])
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
