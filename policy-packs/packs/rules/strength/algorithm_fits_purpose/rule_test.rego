package keyproof.rules.strength.algorithm_fits_purpose_test

import data.keyproof.fixture
import data.keyproof.rules.strength.algorithm_fits_purpose

test_whole_result if {
	algorithm_fits_purpose.result == {
		"rule": "strength/algorithm_fits_purpose",
		"status": "PASS",
		"title": "Its algorithm serves its purpose",
		"description": "The key's algorithm is one that policy knows, and serves the purpose that the key was made for.",
		"severity": "medium",
		"remediation": "Create a key of an algorithm that serves the purpose, move its callers to it, and deactivate this one.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.6.1.1"},
			{"framework": "nist-800-53", "version": "r5", "id": "SC-13"},
			{"framework": "fedramp", "version": "rev5", "id": "SC-13"},
			{"framework": "nist-800-131a", "version": "r2", "id": "algorithms"},
		],
		"evidence": {"algorithm": "AES_256_GCM", "purpose": "encrypt", "faults": []},
	} with input as fixture.input_of(fixture.key)
}

_answer := fixture.verdict(algorithm_fits_purpose.result)

test_fail_purpose if {
	given := fixture.with_fields({"purpose": "sign"})
	_answer == fixture.judged("FAIL", ["purpose-not-served"]) with input as given
}

test_fail_unknown if {
	given := fixture.with_fields({"algorithm": "DES3"})
	_answer == fixture.judged("FAIL", ["algorithm-unknown"]) with input as given
}

test_not_evaluated_without_an_algorithm if {
	given := fixture.without("algorithm")
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_when_destroyed if {
	given := fixture.destroyed
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}
