package keyproof.rules.lifecycle.compromise_acted_on_test

import data.keyproof.fixture
import data.keyproof.rules.lifecycle.compromise_acted_on

test_whole_result if {
	compromise_acted_on.result == {
		"rule": "lifecycle/compromise_acted_on",
		"status": "PASS",
		"title": "A compromise is acted on",
		"description": "For a key that others may know it is on the record why, and its destruction is ordered within the days that policy allows.",
		"severity": "high",
		"remediation": "Create a new key, protect again what this one protected, order its destruction, and record the reason.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.7.5"},
			{"framework": "nist-800-57", "version": "pt1r5", "id": "5.5"},
		],
		"evidence": {"since": 1792886400, "reasonStated": true, "destroys": null, "allowedDays": 30, "faults": []},
	} with input as fixture.compromised(1792886400, {"reason": "a copy was found"})
}

_answer := fixture.verdict(compromise_acted_on.result)

test_fail_a_second_later if {
	given := fixture.compromised(1792886399, {"reason": "a copy was found"})
	_answer == fixture.judged("FAIL", ["left"]) with input as given
}

test_fail_without_a_reason if {
	given := fixture.compromised(1792886400, {"reason": " "})
	_answer == fixture.judged("FAIL", ["no-reason"]) with input as given
}

test_fail_without_any_detail if {
	given := fixture.compromised(1792886400, {})
	_answer == fixture.judged("FAIL", ["no-reason"]) with input as given
}

test_pass_when_its_destruction_is_ordered if {
	given := object.union(fixture.compromised(1, {"reason": "a copy was found"}), {"key": {"destroys": "2026-12-24T00:00:00Z"}})
	_answer == fixture.judged("PASS", []) with input as given
	compromise_acted_on.result.evidence.destroys == "2026-12-24T00:00:00Z" with input as given
}

test_not_evaluated_without_a_history if {
	given := object.remove(fixture.compromised(1, {}), ["history"])
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_when_active if {
	given := fixture.input_of(fixture.key)
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}
