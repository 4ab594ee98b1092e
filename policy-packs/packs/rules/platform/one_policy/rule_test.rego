package keyproof.rules.platform.one_policy_test

import data.keyproof.fixture
import data.keyproof.rules.platform.one_policy

test_whole_result if {
	one_policy.result == {
		"rule": "platform/one_policy",
		"status": "PASS",
		"title": "All brokers decide by one policy",
		"description": "Every broker that did not stop, and was heard of within the days that policy looks back, decides by the policy and data that came last, or these came a few minutes ago.",
		"severity": "high",
		"remediation": "Put the policy in place at the brokers that are named, or stop them.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "CM-3(6)"},
			{"framework": "nist-800-53", "version": "r5", "id": "CA-7"},
		],
		"evidence": {"brokers": 2, "newestSince": 1767225600, "faults": []},
	} with input as fixture.installation_input
}

_answer := fixture.verdict(one_policy.result)

test_fail_with_another_policy if {
	given := fixture.with_installation({"brokers": {"broker-2": {"policy": "sha256:q", "since": 1795000000}}})
	_answer == fixture.judged("FAIL", ["broker-1"]) with input as given
}

test_fail_with_other_data if {
	given := fixture.with_installation({"brokers": {"broker-2": {"data": "sha256:q", "since": 1795477499}}})
	_answer == fixture.judged("FAIL", ["broker-1"]) with input as given
}

test_pass_while_it_is_put_in_place if {
	given := fixture.with_installation({"brokers": {"broker-2": {"data": "sha256:q", "since": 1795477500}}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_applicable_when_the_other_is_gone if {
	given := fixture.with_installation({"brokers": {"broker-2": {"data": "sha256:q", "last": 1792886399}}})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_applicable_when_no_more_is_known_of_the_other_than_a_refusal if {
	given := fixture.replaced_installation("brokers", {
		"a": {"refused": 1795392000, "last": 1795392000},
		"b": {"policy": "p", "data": "d", "since": 1, "last": 1795392000},
	})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_applicable_to_one_broker if {
	given := fixture.replaced_installation("brokers", {"b": {"policy": "p", "data": "d", "since": 1, "last": 1795392000}})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_installation
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
