package keyproof.rules.retention.period_test

import data.keyproof.fixture
import data.keyproof.parameters
import data.keyproof.rules.retention.period

test_whole_result if {
	period.result == {
		"rule": "retention/period",
		"status": "PASS",
		"title": "Its records are kept as long as they must be",
		"description": "Sealed records of every kind are kept, and kept at hand, at least as long as each framework demands that binds the organisation.",
		"severity": "medium",
		"remediation": "Lengthen the retention class of the events that are named, before a year's log ends that is still needed.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "10.5.1"},
			{"framework": "nist-800-53", "version": "r5", "id": "AU-11"},
			{"framework": "hipaa", "version": "2013", "id": "164.316(b)(2)(i)"},
			{"framework": "finra-4511", "version": "2011", "id": "4511"},
			{"framework": "iso-27001", "version": "2022", "id": "A.5.33"},
		],
		"evidence": {"frameworks": ["pci-dss", "hipaa", "sec-17a-4"], "faults": []},
	} with input as fixture.input_of(fixture.key)
}

_answer := fixture.verdict(period.result)

_with(path, value) := json.patch(parameters.retention, [{"op": "add", "path": path, "value": value}])

test_fail_kept_too_short if {
	expected := fixture.judged("FAIL", ["hipaa:operation", "sec-17a-4:operation"])
	_answer == expected with input as fixture.input_of(fixture.key)
		with parameters.retention as _with("/classes/operation/months", 71)
}

test_fail_not_at_hand if {
	expected := fixture.judged("FAIL", ["sec-17a-4:entry"])
	_answer == expected with input as fixture.input_of(fixture.key)
		with parameters.retention as _with("/classes/entry/atHandMonths", 23)
}

test_pass_what_binds_nobody if {
	_answer == fixture.judged("PASS", []) with input as fixture.input_of(fixture.key)
		with parameters.retention as json.patch(
			_with("/classes/operation", {"months": 12, "atHandMonths": 3}),
			[{"op": "replace", "path": "/frameworks", "value": ["pci-dss"]}],
		)
}

test_fail_a_framework_that_nobody_knows if {
	_answer == fixture.judged("FAIL", ["sox:unknown"]) with input as fixture.input_of(fixture.key)
		with parameters.retention as _with("/frameworks/-", "sox")
}

test_fail_a_kind_without_a_class if {
	expected := fixture.judged("FAIL", ["pci-dss:intent", "sec-17a-4:intent"])
	_answer == expected with input as fixture.input_of(fixture.key)
		with parameters.retention as json.remove(parameters.retention, ["/classes/intent"])
}

test_not_evaluated_without_a_key if {
	_answer == fixture.judged("NOT-EVALUATED", []) with input as {"key": null}
}
