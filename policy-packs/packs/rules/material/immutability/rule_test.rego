package keyproof.rules.material.immutability_test

import data.keyproof.fixture
import data.keyproof.rules.material.immutability

test_whole_result if {
	immutability.result == {
		"rule": "material/immutability",
		"status": "PASS",
		"title": "Cannot be changed or copied in its device",
		"description": "The device refuses to change the key's attributes and to copy it under others. Otherwise whoever is logged in to the device turns a key into one that does more than it was made for.",
		"severity": "high",
		"remediation": "Create a new key with CKA_MODIFIABLE and CKA_COPYABLE false, move its callers to it, and destroy this one.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.6.1"},
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.7.7"},
			{"framework": "nist-800-57", "version": "pt1r5", "id": "6.2.2"},
			{"framework": "nist-800-53", "version": "r5", "id": "SC-28(3)"},
		],
		"evidence": {"modifiable": false, "copyable": false, "faults": []},
	} with input as fixture.input_of(fixture.key)
}

_answer := fixture.verdict(immutability.result)

test_fail_both if {
	spoiled := fixture.with_attributes({"modifiable": true, "copyable": true})
	_answer == fixture.judged("FAIL", ["copyable", "modifiable"]) with input as spoiled
}

test_not_evaluated_without_device if {
	_answer == fixture.judged("NOT-EVALUATED", []) with input as fixture.with_fields({"attributes": "none"})
}

test_not_applicable_when_destroyed if {
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as fixture.destroyed
}
