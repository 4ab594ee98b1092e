package keyproof.rules.logging.one_record_per_place_test

import data.keyproof.fixture
import data.keyproof.rules.logging.one_record_per_place

test_whole_result if {
	one_record_per_place.result == {
		"rule": "logging/one_record_per_place",
		"status": "PASS",
		"title": "No two records claim one place",
		"description": "Within the days that policy looks back no source told another record under a number under which one was sealed. It is judged where the sealed log is read; the stream has no such entries.",
		"severity": "critical",
		"remediation": "Compare the two, one of which is kept as the artifact that the finding names; find out who can write in the name of the source.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "AU-9"},
			{"framework": "pci-dss", "version": "4.0.1", "id": "10.3.2"},
			{"framework": "pci-dss", "version": "4.0.1", "id": "10.3.4"},
			{"framework": "iso-27001", "version": "2022", "id": "A.8.15"},
		],
		"evidence": {"last": null, "faults": []},
	} with input as fixture.log_input
}

_answer := fixture.verdict(one_record_per_place.result)

test_fail if {
	given := fixture.with_log({"found": {"continuity-conflict": {"last": 1792886400}}})
	_answer == fixture.judged("FAIL", ["two-records"]) with input as given
}

test_pass_when_that_is_long_ago if {
	given := fixture.with_log({"found": {"continuity-conflict": {"last": 1792886399}}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_of_a_part if {
	given := fixture.part_of_log
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
