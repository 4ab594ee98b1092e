package keyproof.rules.logging.records_whole_test

import data.keyproof.fixture
import data.keyproof.rules.logging.records_whole

test_whole_result if {
	records_whole.result == {
		"rule": "logging/records_whole",
		"status": "PASS",
		"title": "No record of a source is missing",
		"description": "Of every broker and every other source that numbers its records, those that did not arrive when a later one was sealed came within the time that policy gives. It is judged where the sealed log is read; the stream has no such entries.",
		"severity": "high",
		"remediation": "Find out what became of the records: read them from the journal of the broker, or from the copy of the bucket, and let them be collected again.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "AU-12"},
			{"framework": "pci-dss", "version": "4.0.1", "id": "10.2.1"},
			{"framework": "pci-dss", "version": "4.0.1", "id": "10.2.1.6"},
			{"framework": "pci-dss", "version": "4.0.1", "id": "10.3.4"},
			{"framework": "iso-27001", "version": "2022", "id": "A.8.15"},
			{"framework": "hipaa", "version": "2013", "id": "164.312(b)"},
		],
		"evidence": {"faults": []},
	} with input as fixture.log_input
}

_answer := fixture.verdict(records_whole.result)

test_fail if {
	given := fixture.with_log({"gaps": {"broker-1 e": {"from": 5, "time": 1795477499}}})
	_answer == fixture.judged("FAIL", ["broker-1 e from 5"]) with input as given
}

test_pass_while_the_rest_may_come if {
	given := fixture.with_log({"gaps": {"broker-1 e": {"from": 5, "time": 1795477500}}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_of_a_part if {
	given := fixture.part_of_log
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
