package keyproof.rules.device.approvers_founded_test

import data.keyproof.fixture
import data.keyproof.rules.device.approvers_founded

test_whole_result if {
	approvers_founded.result == {
		"rule": "device/approvers_founded",
		"status": "PASS",
		"title": "The book of approvers is as the record says",
		"description": "Within the days that policy looks back no entry of the book of approvers differed from the record of its enrolment.",
		"severity": "critical",
		"remediation": "Find out who changed the broker's database, and restore the book from the record.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "AC-3(2)"},
			{"framework": "nist-800-53", "version": "r5", "id": "SI-7(6)"},
			{"framework": "pci-dss", "version": "4.0.1", "id": "10.2.1.5"},
		],
		"evidence": {"last": null, "faults": []},
	} with input as fixture.installation_input
}

_answer := fixture.verdict(approvers_founded.result)

test_fail_when_it_was_told if {
	given := fixture.with_installation({"told": {"ApproverTampered": {"last": 1792886400}}})
	_answer == fixture.judged("FAIL", ["tampered"]) with input as given
}

test_pass_when_that_is_long_ago if {
	given := fixture.with_installation({"told": {"ApproverTampered": {"last": 1792886399}}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_installation
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
