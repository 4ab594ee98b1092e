package keyproof.rules.logging.journal_never_full_test

import data.keyproof.fixture
import data.keyproof.rules.logging.journal_never_full

test_whole_result if {
	journal_never_full.result == {
		"rule": "logging/journal_never_full",
		"status": "PASS",
		"title": "The journal has room",
		"description": "Within the days that policy looks back no broker refused calls because the disk of its journal was full.",
		"severity": "high",
		"remediation": "Give the journal more room, and see how fast it fills.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "AU-4"},
			{"framework": "nist-800-53", "version": "r5", "id": "AU-5"},
			{"framework": "pci-dss", "version": "4.0.1", "id": "10.2.1.6"},
			{"framework": "iso-27001", "version": "2022", "id": "A.8.15"},
		],
		"evidence": {"last": null, "faults": []},
	} with input as fixture.installation_input
}

_answer := fixture.verdict(journal_never_full.result)

test_fail_when_it_was_told if {
	given := fixture.with_installation({"told": {"JournalGap": {"last": 1792886400}}})
	_answer == fixture.judged("FAIL", ["was-full"]) with input as given
}

test_pass_when_that_is_long_ago if {
	given := fixture.with_installation({"told": {"JournalGap": {"last": 1792886399}}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_installation
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
