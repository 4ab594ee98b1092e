package keyproof.rules.platform.policy_decides_test

import data.keyproof.fixture
import data.keyproof.rules.platform.policy_decides

test_whole_result if {
	policy_decides.result == {
		"rule": "platform/policy_decides",
		"status": "PASS",
		"title": "Policy has an answer to every call",
		"description": "Within the days that policy looks back no decision failed and none was undefined; such calls are refused.",
		"severity": "high",
		"remediation": "Find the calls whose decision has the reason error or undefined, and mend the policy or what it is asked.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "CA-7"},
			{"framework": "nist-800-53", "version": "r5", "id": "SI-7(6)"},
		],
		"evidence": {"undecided": null, "faults": []},
	} with input as fixture.installation_input
}

_answer := fixture.verdict(policy_decides.result)

test_fail_when_one_was_not if {
	given := fixture.with_installation({"undecided": {"count": 1, "last": 1792886400}})
	_answer == fixture.judged("FAIL", ["undecided"]) with input as given
}

test_pass_when_that_is_long_ago if {
	given := fixture.with_installation({"undecided": {"count": 1, "last": 1792886399}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_installation
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
