package keyproof.rules.custody.one_home_test

import data.keyproof.fixture
import data.keyproof.rules.custody.one_home

test_whole_result if {
	one_home.result == {
		"rule": "custody/one_home",
		"status": "PASS",
		"title": "Has one home all its life",
		"description": "The key was never told to be held by another provider than the one that holds it.",
		"severity": "medium",
		"remediation": "Find out how the key came to the provider that is named, and destroy it there.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.6.1.4"},
		],
		"evidence": {"provider": "pkcs11", "providers": ["pkcs11"], "faults": []},
	} with input as fixture.input_of(fixture.key)
}

_answer := fixture.verdict(one_home.result)

test_fail_with_two if {
	given := fixture.with_history({"providers": ["pkcs11", "aws"]})
	_answer == fixture.judged("FAIL", ["also-in-aws"]) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_history
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_when_destroyed if {
	given := fixture.destroyed
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}
