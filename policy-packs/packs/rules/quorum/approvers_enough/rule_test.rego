package keyproof.rules.quorum.approvers_enough_test

import data.keyproof.fixture
import data.keyproof.rules.quorum.approvers_enough

test_whole_result if {
	approvers_enough.result == {
		"rule": "quorum/approvers_enough",
		"status": "PASS",
		"title": "One approver may be away",
		"description": "Of each role that approves, as many people more are enrolled as policy wants than its largest quorum asks for.",
		"severity": "medium",
		"remediation": "Enrol another approver, by approval.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "AC-3(2)"},
			{"framework": "nist-800-53", "version": "r5", "id": "SC-12(1)"},
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.6.1.3"},
		],
		"evidence": {"people": {"custodian": 4}, "wanted": {"custodian": 3}, "faults": []},
	} with input as fixture.installation_input
}

_answer := fixture.verdict(approvers_enough.result)

test_fail_when_all_are_needed if {
	given := fixture.replaced_installation("approvers", {"alice": {"roles": ["custodian"]}, "bob": {"roles": ["custodian"]}, "eve": {"roles": ["auditor"]}})
	_answer == fixture.judged("FAIL", ["custodian"]) with input as given
}

test_fail_when_two_are_one_person if {
	given := fixture.without_approver("dora")
	_answer == fixture.judged("FAIL", ["custodian"]) with input as given with data.keyproof.parameters.persons as {"a": ["alice", "carol"]}
}

test_pass_with_one_to_spare if {
	given := fixture.without_approver("dora")
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_when_the_first_were_not_seen if {
	given := fixture.replaced_installation("told", {})
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_installation
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
