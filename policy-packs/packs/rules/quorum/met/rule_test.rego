package keyproof.rules.quorum.met_test

import data.keyproof.fixture
import data.keyproof.rules.quorum.met

test_whole_result if {
	met.result == {
		"rule": "quorum/met",
		"status": "PASS",
		"title": "As many approved as policy wants",
		"description": "What policy wants approved was approved by at least as many people as it wants, of what was done within the days that policy looks back.",
		"severity": "critical",
		"remediation": "Find out under which policy it was done and who changed that; have it approved anew where it can still be undone.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.7.6"},
			{"framework": "nist-800-53", "version": "r5", "id": "AC-3(2)"},
			{"framework": "nist-800-53", "version": "r5", "id": "AU-9(5)"},
		],
		"evidence": {"done": 1, "fewest": 2, "faults": []},
	} with input as fixture.installation_input
}

_answer := fixture.verdict(met.result)

test_fail_with_one_of_two if {
	given := fixture.with_approval({"event": "e9", "operation": "DestroyKey", "time": 1795392000, "caller": "root", "approval": "A9", "seconds": 60, "requester": "root", "approvers": ["alice"]})
	_answer == fixture.judged("FAIL", ["DestroyKey-by-1"]) with input as given
}

test_fail_with_two_names_of_one_person if {
	given := fixture.with_approval({"event": "e9", "operation": "DestroyKey", "time": 1795392000, "caller": "root", "approval": "A9", "seconds": 60, "requester": "root", "approvers": ["alice", "a.smith"]})
	_answer == fixture.judged("FAIL", ["DestroyKey-by-1"]) with input as given with data.keyproof.parameters.persons as {"alice": ["alice", "a.smith"]}
}

test_fail_on_the_last_second_that_counts if {
	given := fixture.with_approval({"event": "e9", "operation": "DestroyKey", "time": 1792886400, "caller": "root", "approval": "A9", "seconds": 60, "requester": "root", "approvers": ["alice"]})
	_answer == fixture.judged("FAIL", ["DestroyKey-by-1"]) with input as given
}

test_pass_when_that_is_long_ago if {
	given := fixture.with_approval({"event": "e9", "operation": "DestroyKey", "time": 1792886399, "caller": "root", "approval": "A9", "seconds": 60, "requester": "root", "approvers": ["alice"]})
	_answer == fixture.judged("PASS", []) with input as given
}

test_pass_when_it_is_asked_for_some_uses_alone if {
	given := fixture.with_approval({"event": "e9", "operation": "RotateKey", "time": 1795392000, "caller": "root", "approval": "A9", "seconds": 60, "requester": "root", "approvers": []})
	_answer == fixture.judged("PASS", []) with input as given
}

test_pass_when_the_record_had_to_leave_it_out if {
	given := fixture.with_approval({"event": "e9", "operation": "DestroyKey", "time": 1795392000, "caller": "root", "approval": "A9", "seconds": 60})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_applicable_when_nothing_was_approved if {
	given := fixture.replaced_installation("approvals", [])
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_installation
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
