package keyproof.rules.logging.content_complete_test

import data.keyproof.fixture
import data.keyproof.rules.logging.content_complete

test_whole_result if {
	content_complete.result == {
		"rule": "logging/content_complete",
		"status": "PASS",
		"title": "Every event says who, what, when, where, from where and how it ended",
		"description": "Of the operations on keys that were sealed within the days that policy looks back none lacks its caller, its name, its time, its source, where the call came from, or whether it was done. It is judged where the sealed log is read; the stream has no such entries.",
		"severity": "medium",
		"remediation": "Mend the source whose events lack it, or the table that makes events of its records.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "AU-3"},
			{"framework": "iso-27001", "version": "2022", "id": "A.8.15"},
			{"framework": "hipaa", "version": "2013", "id": "164.312(b)"},
		],
		"evidence": {"faults": []},
	} with input as fixture.log_input
}

_answer := fixture.verdict(content_complete.result)

test_fail if {
	given := fixture.with_log({"lacking": {"who": {"count": 2, "last": 1792886400}, "where": {"count": 1, "last": 1792886399}}})
	_answer == fixture.judged("FAIL", ["who"]) with input as given
}

test_pass_when_that_is_long_ago if {
	given := fixture.with_log({"lacking": {"who": {"count": 2, "last": 1792886399}}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_of_a_part if {
	given := fixture.part_of_log
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
