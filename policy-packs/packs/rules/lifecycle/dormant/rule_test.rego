package keyproof.rules.lifecycle.dormant_test

import data.keyproof.fixture
import data.keyproof.rules.lifecycle.dormant

test_whole_result if {
	dormant.result == {
		"rule": "lifecycle/dormant",
		"status": "PASS",
		"title": "Is used, or not kept",
		"description": "An active key was used within the days that policy allows, or is younger than that.",
		"severity": "low",
		"remediation": "Ask its owner whether the key is still needed; if not, deactivate it.",
		"controls": [
			{"framework": "iso-27001", "version": "2022", "id": "A.8.24"},
		],
		"evidence": {"lastUse": 1795392000, "activeSince": 1767225600, "allowedDays": 180, "faults": []},
	} with input as fixture.input_of(fixture.key)
}

_answer := fixture.verdict(dormant.result)

test_fail_a_second_later if {
	given := fixture.with_history({"uses": [{"operation": "Encrypt", "state": "active", "decided": "active", "count": 1, "last": 1779926399, "after": 1}]})
	_answer == fixture.judged("FAIL", ["dormant"]) with input as given
}

test_fail_when_never_used if {
	given := fixture.with_history({"uses": []})
	_answer == fixture.judged("FAIL", ["dormant"]) with input as given
}

test_pass_on_the_last_second if {
	given := fixture.with_history({"uses": [{"operation": "Encrypt", "state": "active", "decided": "active", "count": 1, "last": 1779926400, "after": 1}]})
	_answer == fixture.judged("PASS", []) with input as given
}

test_pass_when_young if {
	given := fixture.with_history({"uses": [], "states": {"active": {"since": 1779926400}}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_history
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_when_suspended if {
	given := fixture.with_fields({"state": "suspended"})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}
