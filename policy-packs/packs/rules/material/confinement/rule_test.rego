package keyproof.rules.material.confinement_test

import data.keyproof.fixture
import data.keyproof.rules.material.confinement

test_whole_result if {
	confinement.result == {
		"rule": "material/confinement",
		"status": "PASS",
		"title": "Cannot leave its device",
		"description": "The device answers that the key is sensitive and not extractable, and, for a key that was born in the device, that this was so from its first moment.",
		"severity": "critical",
		"remediation": "Treat the key as exposed: create a new one non-extractable in the device, re-protect what this one protects, and destroy it.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.6.1.2"},
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.7.3"},
			{"framework": "nist-800-57", "version": "pt1r5", "id": "6.2.2"},
			{"framework": "nist-800-53", "version": "r5", "id": "SC-28(3)"},
			{"framework": "hipaa", "version": "2013", "id": "164.312(a)(2)(iv)"},
			{"framework": "keyproof-device", "version": "1", "id": "extractable"},
		],
		"evidence": {"sensitive": true, "extractable": false, "alwaysSensitive": true, "neverExtractable": true, "local": true, "faults": []},
	} with input as fixture.input_of(fixture.key)
}

_answer := fixture.verdict(confinement.result)

test_fail_readable if {
	spoiled := fixture.with_attributes({"sensitive": false, "extractable": true})
	_answer == fixture.judged("FAIL", ["extractable", "not-sensitive"]) with input as spoiled
}

test_fail_past if {
	spoiled := fixture.with_attributes({"alwaysSensitive": false, "neverExtractable": false, "local": false})
	_answer == fixture.judged("FAIL", ["not-born-in-device", "was-extractable", "was-not-sensitive"]) with input as spoiled
}

test_pass_replicated_without_a_past if {
	key := object.union(fixture.key, {"residence": "replicated", "attributes": {"neverExtractable": false, "local": false}})
	_answer == fixture.judged("PASS", []) with input as fixture.input_of(key)
}

test_not_evaluated_where_the_device_is_silent if {
	_answer == fixture.judged("NOT-EVALUATED", []) with input as fixture.with_attributes({"extractable": null})
}

test_not_applicable_when_destroyed if {
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as fixture.destroyed
}
