package keyproof.rules.logging.heads_cover_test

import data.keyproof.fixture
import data.keyproof.rules.logging.heads_cover

test_whole_result if {
	heads_cover.result == {
		"rule": "logging/heads_cover",
		"status": "PASS",
		"title": "Signed heads cover the records of every source",
		"description": "Every source signed heads over what was sealed of it within the time that policy gives, and within the days that policy looks back no head said otherwise than what was sealed. It is judged where the sealed log is read; the stream has no such entries.",
		"severity": "critical",
		"remediation": "Compare the journal of the broker with the log, from the place that the finding names. What differs was altered between the two.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "AU-9(3)"},
			{"framework": "nist-800-53", "version": "r5", "id": "AU-10"},
			{"framework": "pci-dss", "version": "4.0.1", "id": "10.3.2"},
			{"framework": "iso-27001", "version": "2022", "id": "A.8.15"},
			{"framework": "hipaa", "version": "2013", "id": "164.312(c)(2)"},
		],
		"evidence": {"last": null, "faults": []},
	} with input as fixture.log_input
}

_answer := fixture.verdict(heads_cover.result)

test_fail if {
	given := fixture.with_log({"unattested": {"broker-1 e": {"from": 9, "time": 1795477499}}, "found": {"continuity-head": {"last": 1792886400}}})
	_answer == fixture.judged("FAIL", ["another-head", "broker-1 e from 9"]) with input as given
}

test_pass_while_a_head_may_come_and_when_that_is_long_ago if {
	given := fixture.with_log({"unattested": {"broker-1 e": {"from": 9, "time": 1795477500}}, "found": {"continuity-head": {"last": 1792886399}}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_of_a_part if {
	given := fixture.part_of_log
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
