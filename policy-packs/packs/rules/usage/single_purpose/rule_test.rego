package keyproof.rules.usage.single_purpose_test

import data.keyproof.fixture
import data.keyproof.rules.usage.single_purpose

test_whole_result if {
	single_purpose.result == {
		"rule": "usage/single_purpose",
		"status": "PASS",
		"title": "Serves one purpose",
		"description": "The device permits the key what its purpose needs and nothing else. A key that both wraps keys and decrypts data hands out the keys it wrapped.",
		"severity": "high",
		"remediation": "Create a key for each purpose, with no other use permitted in the device, and retire this one.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.6.1"},
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.6.1.1"},
			{"framework": "nist-800-57", "version": "pt1r5", "id": "5.2"},
			{"framework": "iso-27001", "version": "2022", "id": "A.8.24"},
			{"framework": "keyproof-device", "version": "1", "id": "wrap-and-decrypt"},
		],
		"evidence": {"purpose": "encrypt", "permitted": ["decrypt", "encrypt"], "faults": []},
	} with input as fixture.input_of(fixture.key)
}

_answer := fixture.verdict(single_purpose.result)

test_fail_wrap_and_decrypt if {
	spoiled := fixture.with_attributes({"wrap": true})
	_answer == fixture.judged("FAIL", ["may-wrap", "wraps-and-decrypts"]) with input as spoiled
}

test_fail_sign if {
	_answer == fixture.judged("FAIL", ["may-sign"]) with input as fixture.with_attributes({"sign": true})
}

test_pass_with_less_than_its_purpose if {
	_answer == fixture.judged("PASS", []) with input as fixture.with_attributes({"decrypt": false})
}

test_not_evaluated_for_an_unknown_purpose if {
	_answer == fixture.judged("NOT-EVALUATED", []) with input as fixture.with_fields({"purpose": "fun"})
}

test_not_applicable_when_destroyed if {
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as fixture.destroyed
}

test_fail_each_that_wraps_beside_each_that_serves_data if {
	every wraps in ["wrap", "unwrap"] {
		every serves, other in {"encrypt": "decrypt", "decrypt": "encrypt"} {
			given := fixture.with_attributes({wraps: true, serves: true, other: false})
			_answer == fixture.judged("FAIL", [concat("-", ["may", wraps]), "wraps-and-decrypts"]) with input as given
		}
	}
}

test_fail_wrap_alone if {
	given := fixture.with_attributes({"wrap": true, "encrypt": false, "decrypt": false})
	_answer == fixture.judged("FAIL", ["may-wrap"]) with input as given
}
