package keyproof.rules.platform.policy_accepted_test

import data.keyproof.fixture
import data.keyproof.rules.platform.policy_accepted

test_whole_result if {
	policy_accepted.result == {
		"rule": "platform/policy_accepted",
		"status": "PASS",
		"title": "The policy that was put in place is in force",
		"description": "No broker that did not stop refused a policy after it last took one, or had the one in force put back.",
		"severity": "high",
		"remediation": "Read why it was refused, and put a policy in place that can be used; until then the one before it decides.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "CM-3(6)"},
		],
		"evidence": {"refused": {}, "faults": []},
	} with input as fixture.installation_input
}

_answer := fixture.verdict(policy_accepted.result)

test_fail_for_each_broker_that_refused_one if {
	given := fixture.with_installation({"brokers": {"broker-2": {"refused": 1795392000}}})
	_answer == fixture.judged("FAIL", ["broker-2"]) with input as given
}

test_pass_whatever_was_refused_before if {
	given := fixture.with_installation({"told": {"RefusePolicy": {"last": 1795392000}}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_installation
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
