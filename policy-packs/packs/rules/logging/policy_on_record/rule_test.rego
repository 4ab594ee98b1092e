package keyproof.rules.logging.policy_on_record_test

import data.keyproof.fixture
import data.keyproof.rules.logging.policy_on_record

test_whole_result if {
	policy_on_record.result == {
		"rule": "logging/policy_on_record",
		"status": "PASS",
		"title": "The policy behind every decision is on record",
		"description": "Every policy by which a broker decided is sealed in the log, so that each decision can be made again. It is judged where the sealed log is read; the stream has no such entries.",
		"severity": "high",
		"remediation": "Name the bundle among the policies of the evidence service, which seals and keeps it.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "AU-10"},
			{"framework": "nist-800-53", "version": "r5", "id": "CM-3(6)"},
		],
		"evidence": {"policies": 1, "faults": []},
	} with input as fixture.log_input
}

_answer := fixture.verdict(policy_on_record.result)

test_fail if {
	given := fixture.with_log({"policies": {"sha256:q": {"last": 1795392000}}})
	_answer == fixture.judged("FAIL", ["sha256:q"]) with input as given
}

test_pass_once_it_is_kept if {
	given := fixture.with_log({"policies": {"sha256:q": {"last": 1795392000, "kept": true}}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_of_a_part if {
	given := fixture.part_of_log
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_where_nothing_was_decided if {
	given := fixture.replaced_log("policies", {})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}
