package keyproof.rules.lifecycle.destroyed_everywhere_test

import data.keyproof.fixture
import data.keyproof.rules.lifecycle.destroyed_everywhere

test_whole_result if {
	destroyed_everywhere.result == {
		"rule": "lifecycle/destroyed_everywhere",
		"status": "PASS",
		"title": "Nothing of a destroyed key is left",
		"description": "After the destruction the device no longer held any version of the key, and no wrapped copy was kept.",
		"severity": "high",
		"remediation": "Destroy what is left in the device, erase the wrapped copies and the backups that hold them, and record the proof.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.7.5"},
			{"framework": "nist-800-57", "version": "pt1r5", "id": "8.4"},
			{"framework": "iso-27001", "version": "2022", "id": "A.8.24"},
		],
		"evidence": {"proof": {"versions": 3, "inDevice": false, "wrappedKept": false}, "faults": []},
	} with input as fixture.destroyed
}

_answer := fixture.verdict(destroyed_everywhere.result)

test_fail_when_anything_is_left if {
	given := object.union(fixture.destroyed, {"history": {"changes": {"DestroyKey": {"done": {"detail": {"proof": {"inDevice": true, "wrappedKept": true}}}}}}})
	_answer == fixture.judged("FAIL", ["in-device", "wrapped-kept"]) with input as given
}

test_not_evaluated_without_proof if {
	given := fixture.with_fields({"state": "destroyed"})
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := object.remove(fixture.destroyed, ["history"])
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_while_it_exists if {
	given := fixture.input_of(fixture.key)
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}
