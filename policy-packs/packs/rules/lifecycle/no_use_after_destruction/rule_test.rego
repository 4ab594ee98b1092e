package keyproof.rules.lifecycle.no_use_after_destruction_test

import data.keyproof.fixture
import data.keyproof.rules.lifecycle.no_use_after_destruction

test_whole_result if {
	no_use_after_destruction.result == {
		"rule": "lifecycle/no_use_after_destruction",
		"status": "PASS",
		"title": "Is of no use once destroyed",
		"description": "No use of the key succeeded after it was destroyed, leaving aside the moment that brokers take to hear of it.",
		"severity": "critical",
		"remediation": "Treat the destruction as failed: find where the key still is, destroy it there, and find out who used it.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.7.5"},
			{"framework": "nist-800-57", "version": "pt1r5", "id": "8.4"},
		],
		"evidence": {"graceSeconds": 5, "faults": []},
	} with input as fixture.destroyed
}

_answer := fixture.verdict(no_use_after_destruction.result)

test_fail_when_it_decrypts if {
	given := object.union(fixture.destroyed, {"history": {"uses": [{"operation": "Decrypt", "state": "destroyed", "decided": "active", "count": 1, "last": 1795392000, "after": 6}]}})
	_answer == fixture.judged("FAIL", ["Decrypt-after-destroyed"]) with input as given
}

test_pass_within_the_grace if {
	given := object.union(fixture.destroyed, {"history": {"uses": [{"operation": "Decrypt", "state": "destroyed", "decided": "active", "count": 1, "last": 1795392000, "after": 5}]}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := object.remove(fixture.destroyed, ["history"])
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_while_it_exists if {
	given := fixture.input_of(fixture.key)
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_evaluated_on_a_life_that_began_unseen if {
	given := json.remove(fixture.destroyed, ["/history/changes/CreateKey"])
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
