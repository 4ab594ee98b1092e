package keyproof.rules.custody.shares_split_test

import data.keyproof.fixture
import data.keyproof.rules.custody.shares_split

test_whole_result if {
	shares_split.result == {
		"rule": "custody/shares_split",
		"status": "PASS",
		"title": "Each share of the root has a custodian of its own",
		"description": "In the latest ceremony no person got two shares of the root, under whatever name, and more than one is needed to put it together.",
		"severity": "critical",
		"remediation": "Hold another ceremony with a custodian for each share.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.7.6"},
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.6.1.3"},
			{"framework": "nist-800-53", "version": "r5", "id": "AC-3(2)"},
		],
		"evidence": {"ceremony": {"time": 1767225600, "threshold": 2, "shares": 3, "tokens": 2, "custodians": ["alice", "bob", "carol"]}, "faults": []},
	} with input as fixture.installation_input
}

_answer := fixture.verdict(shares_split.result)

test_fail_when_one_holds_two if {
	given := fixture.with_installation({"ceremonies": {"C9": {"time": 1780000000, "threshold": 2, "shares": 3, "tokens": 2, "custodians": ["alice", "bob", "alice"]}}})
	_answer == fixture.judged("FAIL", ["one-holds-several"]) with input as given
}

test_fail_under_another_name if {
	given := fixture.with_installation({"ceremonies": {"C9": {"time": 1780000000, "threshold": 2, "shares": 3, "tokens": 2, "custodians": ["alice", "bob", "carol"]}}})
	_answer == fixture.judged("FAIL", ["one-holds-several"]) with input as given with data.keyproof.parameters.persons as {"a": ["alice", "carol"]}
}

test_fail_when_one_is_enough if {
	given := fixture.with_installation({"ceremonies": {"C9": {"time": 1780000000, "threshold": 1, "shares": 3, "tokens": 2, "custodians": ["alice", "bob", "carol"]}}})
	_answer == fixture.judged("FAIL", ["one-is-enough"]) with input as given
}

test_pass_when_that_was_an_earlier_one if {
	given := fixture.with_installation({"ceremonies": {"C9": {"time": 1760000000, "threshold": 1, "shares": 3, "tokens": 2, "custodians": ["alice", "bob", "carol"]}}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_applicable_without_a_ceremony if {
	given := fixture.replaced_installation("ceremonies", {})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_installation
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
