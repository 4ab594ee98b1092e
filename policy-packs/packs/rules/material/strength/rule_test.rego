package keyproof.rules.material.strength_test

import data.keyproof.fixture
import data.keyproof.rules.material.strength

test_whole_result if {
	strength.result == {
		"rule": "material/strength",
		"status": "PASS",
		"title": "Algorithm and size are strong enough",
		"description": "The key's algorithm is one of those allowed for protection, the device holds a key of that type and size, and its security strength reaches the minimum in force at the time of the evaluation.",
		"severity": "high",
		"remediation": "Create a key of an allowed algorithm, move its callers to it, and deactivate this one.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.6.1.1"},
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.7.1"},
			{"framework": "nist-800-57", "version": "pt1r5", "id": "5.6.1"},
			{"framework": "nist-800-53", "version": "r5", "id": "SC-12(2)"},
			{"framework": "nist-800-53", "version": "r5", "id": "SC-13"},
			{"framework": "fedramp", "version": "rev5", "id": "SC-13"},
			{"framework": "iso-27001", "version": "2022", "id": "A.8.24"},
			{"framework": "nist-800-131a", "version": "r2", "id": "algorithms"},
			{"framework": "nist-800-53", "version": "r5", "id": "SC-12(3)"},
		],
		"evidence": {"algorithm": "AES_256_GCM", "keyType": "AES", "bits": 256, "minimumStrength": 112, "faults": []},
	} with input as fixture.input_of(fixture.key)
}

_answer := fixture.verdict(strength.result)

_rsa := {
	"algorithm": "RSA_2048",
	"purpose": "sign",
	"attributes": {"keyType": "RSA", "bits": 2048},
}

test_fail_algorithm if {
	_answer == fixture.judged("FAIL", ["algorithm-not-allowed"]) with input as fixture.with_fields({"algorithm": "DES3"})
}

test_fail_device_holds_another if {
	spoiled := fixture.with_attributes({"keyType": "GENERIC_SECRET", "bits": 128})
	_answer == fixture.judged("FAIL", ["size-differs", "type-differs"]) with input as spoiled
}

test_pass_rsa_2048_until_2030 if {
	_answer == fixture.judged("PASS", []) with input as fixture.with_fields(_rsa)
}

test_fail_rsa_2048_from_2031 if {
	later := object.union(fixture.with_fields(_rsa), {"time": {"epoch": 1924992000}})
	_answer == fixture.judged("FAIL", ["below-minimum-strength"]) with input as later
}

test_not_evaluated_without_device if {
	_answer == fixture.judged("NOT-EVALUATED", []) with input as fixture.without("attributes")
}

test_not_evaluated_without_time if {
	_answer == fixture.judged("NOT-EVALUATED", []) with input as {"key": fixture.key}
}

test_not_applicable_when_destroyed if {
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as fixture.destroyed
}
