package keyproof.rules.logging.nothing_set_aside_test

import data.keyproof.fixture
import data.keyproof.rules.logging.nothing_set_aside

test_whole_result if {
	nothing_set_aside.result == {
		"rule": "logging/nothing_set_aside",
		"status": "PASS",
		"title": "Every record could be read",
		"description": "Within the days that policy looks back no record was set aside, since it was damaged, posed as another's or had no place. It is judged where the sealed log is read; the stream has no such entries.",
		"severity": "medium",
		"remediation": "Look at the artifacts that were set aside and at the reasons, and let the sources tell again what they meant.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "AU-12"},
			{"framework": "iso-27001", "version": "2022", "id": "A.8.15"},
			{"framework": "hipaa", "version": "2013", "id": "164.312(b)"},
		],
		"evidence": {"last": null, "faults": []},
	} with input as fixture.log_input
}

_answer := fixture.verdict(nothing_set_aside.result)

test_fail if {
	given := fixture.with_log({"setAside": {"count": 1, "last": 1792886400}})
	_answer == fixture.judged("FAIL", ["set-aside"]) with input as given
}

test_pass_when_that_is_long_ago if {
	given := fixture.with_log({"setAside": {"count": 1, "last": 1792886399}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_of_a_part if {
	given := fixture.part_of_log
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
