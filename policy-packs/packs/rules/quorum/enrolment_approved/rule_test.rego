package keyproof.rules.quorum.enrolment_approved_test

import data.keyproof.fixture
import data.keyproof.rules.quorum.enrolment_approved

test_whole_result if {
	enrolment_approved.result == {
		"rule": "quorum/enrolment_approved",
		"status": "PASS",
		"title": "Who approves was enrolled by approval",
		"description": "Each approver was enrolled by approval of others, but for those whom the first start enrolled.",
		"severity": "critical",
		"remediation": "Revoke who was enrolled so, by a quorum of the others, and find out who emptied the book of approvers.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "AC-3(2)"},
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.6.1.3"},
		],
		"evidence": {"approvers": ["alice", "bob", "carol", "dora"], "faults": []},
	} with input as fixture.installation_input
}

_answer := fixture.verdict(enrolment_approved.result)

test_fail_when_the_file_enrolled_later if {
	given := fixture.with_installation({"approvers": {"mallory": {"roles": ["custodian"], "since": 1767225606}}})
	_answer == fixture.judged("FAIL", ["mallory"]) with input as given
}

test_pass_within_the_first_seconds if {
	given := fixture.with_installation({"approvers": {"mallory": {"roles": ["custodian"], "since": 1767225605}}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_applicable_when_nobody_approves if {
	given := fixture.replaced_installation("approvers", {})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_installation
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_pass_with_one if {
	given := fixture.replaced_installation("approvers", {"alice": {"roles": ["custodian"], "since": 1767225600}})
	_answer == fixture.judged("PASS", []) with input as given
}
