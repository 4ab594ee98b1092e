package keyproof.rules.separation.asked_and_approved_test

import data.keyproof.fixture
import data.keyproof.rules.separation.asked_and_approved

test_whole_result if {
	asked_and_approved.result == {
		"rule": "separation/asked_and_approved",
		"status": "PASS",
		"title": "Nobody approves what he asked for or does",
		"description": "Of what was done by approval nobody approved who had asked for it or did it, under whatever name.",
		"severity": "critical",
		"remediation": "Look through what was done so; have it approved by another, and correct who is known under which names.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.7.6"},
			{"framework": "nist-800-53", "version": "r5", "id": "AC-3(2)"},
			{"framework": "nist-800-53", "version": "r5", "id": "AC-5"},
		],
		"evidence": {"approvals": 1, "faults": []},
	} with input as fixture.installation_input
}

_answer := fixture.verdict(asked_and_approved.result)

test_fail_when_who_asked_approved if {
	given := fixture.with_approval({"event": "e9", "operation": "DestroyKey", "time": 1795392000, "caller": "root", "approval": "A9", "seconds": 60, "requester": "alice", "approvers": ["alice", "bob"]})
	_answer == fixture.judged("FAIL", ["DestroyKey A9"]) with input as given
}

test_fail_when_who_did_it_approved if {
	given := fixture.with_approval({"event": "e9", "operation": "DestroyKey", "time": 1795392000, "caller": "bob", "approval": "A9", "seconds": 60, "requester": "root", "approvers": ["alice", "bob"]})
	_answer == fixture.judged("FAIL", ["DestroyKey A9"]) with input as given
}

test_fail_under_another_name if {
	given := fixture.with_approval({"event": "e9", "operation": "DestroyKey", "time": 1795392000, "caller": "root", "approval": "A9", "seconds": 60, "requester": "root", "approvers": ["alice", "bob"]})
	_answer == fixture.judged("FAIL", ["DestroyKey A1", "DestroyKey A9"]) with input as given with data.keyproof.parameters.persons as {"r": ["root", "bob"]}
}

test_pass_when_the_glass_was_broken if {
	given := fixture.with_approval({"event": "e9", "operation": "BreakGlass", "time": 1795392000, "caller": "root", "approval": "A9", "seconds": 60, "requester": "alice", "approvers": ["alice", "bob"]})
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
