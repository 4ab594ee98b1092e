package keyproof.rules.device.attributes_kept_test

import data.keyproof.fixture
import data.keyproof.rules.device.attributes_kept

test_whole_result if {
	attributes_kept.result == {
		"rule": "device/attributes_kept",
		"status": "PASS",
		"title": "Is in its device what it was at first",
		"description": "Every attribute that the device answered when the key was first told of is the same now, over all versions.",
		"severity": "critical",
		"remediation": "Treat the key as tampered with: find the record of the change, create a new key, move its callers to it, and destroy this one.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.7.7"},
			{"framework": "nist-800-53", "version": "r5", "id": "SC-28(3)"},
			{"framework": "keyproof-device", "version": "1", "id": "attribute-changed"},
		],
		"evidence": {"firstTold": 1767225600, "faults": []},
	} with input as fixture.input_of(fixture.key)
}

_answer := fixture.verdict(attributes_kept.result)

test_fail_made_extractable if {
	given := fixture.with_attributes({"extractable": true})
	_answer == fixture.judged("FAIL", ["extractable-changed"]) with input as given
}

test_fail_one_is_missing if {
	given := fixture.input_of(object.union(object.remove(fixture.key, ["attributes"]), {"attributes": object.remove(fixture.key.attributes, ["bits"])}))
	_answer == fixture.judged("FAIL", ["bits-changed"]) with input as given
}

test_not_evaluated_when_the_device_does_not_show_it if {
	given := fixture.with_fields({"attributes": null})
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
