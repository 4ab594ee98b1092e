package keyproof.rules.logging.undisputed_test

import data.keyproof.fixture
import data.keyproof.rules.logging.undisputed

test_whole_result if {
	undisputed.result == {
		"rule": "logging/undisputed",
		"status": "PASS",
		"title": "Nothing speaks against the log",
		"description": "Within the days that policy looks back no witness contradicted the log, its copy in a bucket went on and stayed locked, the search index said what the log holds, and every legal hold had a sound approval. It is judged where the sealed log is read; the stream has no such entries.",
		"severity": "critical",
		"remediation": "Hold log, copy and cosigned heads against each other (./keyproof evidence compare), which names the first entry in which they differ and who lies.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "AU-9"},
			{"framework": "nist-800-53", "version": "r5", "id": "AU-9(3)"},
			{"framework": "pci-dss", "version": "4.0.1", "id": "10.3.2"},
			{"framework": "iso-27001", "version": "2022", "id": "A.8.15"},
			{"framework": "hipaa", "version": "2013", "id": "164.312(c)(2)"},
		],
		"evidence": {"faults": []},
	} with input as fixture.log_input
}

_answer := fixture.verdict(undisputed.result)

test_fail if {
	given := fixture.with_log({"found": {"log-contradiction": {"last": 1792886400}, "continuity-conflict": {"last": 1792886400}}})
	_answer == fixture.judged("FAIL", ["log-contradiction"]) with input as given
}

test_pass_when_that_is_long_ago if {
	given := fixture.with_log({"found": {"log-contradiction": {"last": 1792886399}}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_of_a_part if {
	given := fixture.part_of_log
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
