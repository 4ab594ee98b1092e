package keyproof.rules.separation.administrator_uses_keys_test

import data.keyproof.fixture
import data.keyproof.rules.separation.administrator_uses_keys

test_whole_result if {
	administrator_uses_keys.result == {
		"rule": "separation/administrator_uses_keys",
		"status": "PASS",
		"title": "Who manages keys does not use them",
		"description": "An account that made, changed or destroyed keys used none of them within the days that policy counts as one person's, but under an elevation.",
		"severity": "high",
		"remediation": "Give the use and the management of keys to different accounts; look through what this one did.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "AC-5"},
			{"framework": "hipaa", "version": "2013", "id": "164.308(a)(1)(ii)(D)"},
		],
		"evidence": {"managed": ["CreateKey"], "days": 90, "faults": []},
	} with input as fixture.replaced_account("done", {"CreateKey": {"count": 1, "last": 1795392000}})
}

_answer := fixture.verdict(administrator_uses_keys.result)

test_fail_when_it_encrypts if {
	given := fixture.with_account({"done": {"CreateKey": {"count": 1, "last": 1795392000}}})
	_answer == fixture.judged("FAIL", ["Encrypt"]) with input as given
}

test_fail_when_it_decrypts if {
	given := fixture.replaced_account("done", {"RotateKey": {"count": 1, "last": 1795392000}, "Decrypt": {"count": 1, "last": 1787702400}})
	_answer == fixture.judged("FAIL", ["Decrypt"]) with input as given
}

test_pass_when_that_is_long_ago if {
	given := fixture.replaced_account("done", {"DestroyKey": {"count": 1, "last": 1795392000}, "Decrypt": {"count": 1, "last": 1787702399}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_pass_when_it_only_reads if {
	given := fixture.replaced_account("done", {"DisableKey": {"count": 1, "last": 1795392000}, "GetKey": {"count": 1, "last": 1795392000}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_applicable_to_who_uses if {
	given := fixture.account_input
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_applicable_to_who_asks_for_approval if {
	given := fixture.with_account({"done": {"RequestApproval": {"count": 1, "last": 1795392000}}})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_applicable_to_the_broker_itself if {
	given := fixture.with_account({"roles": {"scheduler": {"last": 1795392000}}, "done": {"RotateKey": {"count": 1, "last": 1795392000}}})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_account
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_fail_of_who_brings_no_roles if {
	given := fixture.with_account({"roles": {}, "done": {
		"CreateKey": {"count": 1, "last": 1795392000},
		"Encrypt": {"count": 1, "last": 1795392000},
	}})
	_answer == fixture.judged("FAIL", ["Encrypt"]) with input as given
}
