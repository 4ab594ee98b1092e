package keyproof.rules.rotation.re_wrap_in_time_test

import data.keyproof.fixture
import data.keyproof.rules.rotation.re_wrap_in_time

test_whole_result if {
	re_wrap_in_time.result == {
		"rule": "rotation/re_wrap_in_time",
		"status": "PASS",
		"title": "Data keys followed their rotated key in time",
		"description": "After a key that wraps data keys was rotated, or its rotation taken back, every data key followed it and the other versions were retired within the hours that policy allows.",
		"severity": "medium",
		"remediation": "See which data keys are left behind and why they cannot be moved, and move them; the versions are retired by themselves then.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.7.4"},
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.7.5"},
			{"framework": "nist-800-57", "version": "pt1r5", "id": "5.3"},
		],
		"evidence": {"moves": 1793491200, "retired": 1793491260, "allowedHours": 72, "faults": []},
	} with input as object.union(fixture.with_fields({"purpose": "wrap"}), {"history": {"changes": {"RetireVersion": {"done": {"time": 1793491260}}}}})
}

_answer := fixture.verdict(re_wrap_in_time.result)

test_fail_when_late if {
	given := object.union(fixture.with_fields({"purpose": "wrap"}), {"history": {"changes": {"RotateKey": {"done": {"time": 1795219199}}, "RetireVersion": {"done": {"time": 1793491260}}}}})
	_answer == fixture.judged("FAIL", ["late"]) with input as given
}

test_fail_when_never_retired_after_a_back_out if {
	given := object.union(fixture.with_fields({"purpose": "wrap"}), {"history": {"changes": {"BackOutRotation": {"done": {"time": 1795219199}}}}})
	_answer == fixture.judged("FAIL", ["late"]) with input as given
}

test_pass_on_the_last_second if {
	given := object.union(fixture.with_fields({"purpose": "wrap"}), {"history": {"changes": {"RotateKey": {"done": {"time": 1795219200}}}}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := object.remove(fixture.with_fields({"purpose": "wrap"}), ["history"])
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_when_never_rotated if {
	given := object.union(fixture.without_change("RotateKey"), {"key": {"purpose": "wrap"}})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_applicable_to_another_purpose if {
	given := fixture.input_of(fixture.key)
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_fail_when_late_after_a_back_out_alone if {
	given := object.union(fixture.without_change("RotateKey"), {"key": {"purpose": "wrap"}, "history": {"changes": {"BackOutRotation": {"done": {"time": 1795219199}}}}})
	_answer == fixture.judged("FAIL", ["late"]) with input as given
	re_wrap_in_time.result.evidence.retired == 0 with input as given
}

test_pass_when_retired_in_the_same_second if {
	given := object.union(fixture.with_fields({"purpose": "wrap"}), {"history": {"changes": {"RotateKey": {"done": {"time": 1795219199}}, "RetireVersion": {"done": {"time": 1795219199}}}}})
	_answer == fixture.judged("PASS", []) with input as given
}
