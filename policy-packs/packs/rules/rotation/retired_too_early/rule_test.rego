package keyproof.rules.rotation.retired_too_early_test

import data.keyproof.fixture
import data.keyproof.rules.rotation.retired_too_early

test_whole_result if {
	retired_too_early.result == {
		"rule": "rotation/retired_too_early",
		"status": "PASS",
		"title": "No version was retired that data needs",
		"description": "When older versions of a key were retired, no registered data key stood under them any more.",
		"severity": "high",
		"remediation": "Restore the retired versions from the backup, move the data keys that are left, and retire the versions then.",
		"controls": [
			{"framework": "nist-800-57", "version": "pt1r5", "id": "8.3"},
			{"framework": "nist-800-53", "version": "r5", "id": "SC-12(1)"},
		],
		"evidence": {"elsewhere": 0, "faults": []},
	} with input as fixture.with_change("RetireVersion", {"done": {"time": 1795392000, "detail": {"elsewhere": 0, "dataKeys": 12}}})
}

_answer := fixture.verdict(retired_too_early.result)

test_fail_with_one_left if {
	given := fixture.with_change("RetireVersion", {"done": {"time": 1795392000, "detail": {"elsewhere": 1}}})
	_answer == fixture.judged("FAIL", ["data-keys-left"]) with input as given
}

test_not_evaluated_when_it_was_not_counted if {
	given := fixture.with_change("RetireVersion", {"done": {"time": 1795392000}})
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_history
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_when_nothing_was_retired if {
	given := fixture.input_of(fixture.key)
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}
