package keyproof.rules.lifecycle.no_protection_after_end_test

import data.keyproof.fixture
import data.keyproof.rules.lifecycle.no_protection_after_end

test_whole_result if {
	no_protection_after_end.result == {
		"rule": "lifecycle/no_protection_after_end",
		"status": "PASS",
		"title": "Protects nothing out of its time",
		"description": "No use that protects something new began while the key was in a state in which it may not, leaving aside the moment that brokers take to hear of the change.",
		"severity": "critical",
		"remediation": "Find the uses by the operation that is named, protect again what they protected with a key in use, and find out why they were not refused.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.7.5"},
			{"framework": "nist-800-57", "version": "pt1r5", "id": "7"},
			{"framework": "keyproof-device", "version": "1", "id": "used-after-deactivation"},
		],
		"evidence": {"graceSeconds": 5, "faults": []},
	} with input as fixture.input_of(fixture.key)
}

_answer := fixture.verdict(no_protection_after_end.result)

test_fail_when_deactivated if {
	given := fixture.with_history({"uses": [{"operation": "Encrypt", "state": "deactivated", "decided": "active", "count": 1, "last": 1795392000, "after": 6}]})
	_answer == fixture.judged("FAIL", ["Encrypt-while-deactivated"]) with input as given
}

test_fail_when_policy_let_it if {
	given := fixture.with_history({"uses": [{"operation": "Encrypt", "state": "suspended", "decided": "suspended", "count": 1, "last": 1795392000, "after": 6}]})
	_answer == fixture.judged("FAIL", ["Encrypt-while-suspended"]) with input as given
}

test_pass_what_may_have_been_resumed if {
	given := fixture.with_history({"uses": [{"operation": "Encrypt", "state": "suspended", "decided": "active", "count": 1, "last": 1795392000, "after": 6}]})
	_answer == fixture.judged("PASS", []) with input as given
}

test_pass_within_the_grace if {
	given := fixture.with_history({"uses": [{"operation": "Encrypt", "state": "deactivated", "decided": "active", "count": 1, "last": 1795392000, "after": 5}]})
	_answer == fixture.judged("PASS", []) with input as given
}

test_pass_what_is_processed if {
	given := fixture.with_history({"uses": [{"operation": "Decrypt", "state": "deactivated", "decided": "active", "count": 1, "last": 1795392000, "after": 60}]})
	_answer == fixture.judged("PASS", []) with input as given
}

test_pass_before_its_state_was_known if {
	given := fixture.with_history({"uses": [{"operation": "Encrypt", "state": "", "decided": "active", "count": 1, "last": 1795392000, "after": 60}]})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_history
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_evaluated_on_a_life_that_began_unseen if {
	given := json.remove(fixture.input_of(fixture.key), ["/history/changes/CreateKey"])
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_pass_before_its_state_was_known_whatever_was_decided if {
	given := fixture.with_history({"uses": [{"operation": "Encrypt", "state": "", "decided": "deactivated", "count": 1, "last": 1795392000, "after": 60}]})
	_answer == fixture.judged("PASS", []) with input as given
}

# Another rule is about that.
test_pass_when_destroyed if {
	given := fixture.with_history({"uses": [{"operation": "Encrypt", "state": "destroyed", "decided": "destroyed", "count": 1, "last": 1795392000, "after": 60}]})
	_answer == fixture.judged("PASS", []) with input as given
}
