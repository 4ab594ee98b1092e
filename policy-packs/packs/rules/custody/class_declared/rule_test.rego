package keyproof.rules.custody.class_declared_test

import data.keyproof.fixture
import data.keyproof.parameters
import data.keyproof.rules.custody.class_declared

test_whole_result if {
	class_declared.result == {
		"rule": "custody/class_declared",
		"status": "PASS",
		"title": "Says how sensitive it is",
		"description": "The key states the class of what it protects where policy wants one, and only a class that the organisation has.",
		"severity": "low",
		"remediation": "State the class of what the key protects.",
		"controls": [
			{"framework": "iso-27001", "version": "2022", "id": "A.8.24"},
			{"framework": "nist-800-57", "version": "pt1r5", "id": "6.2.3"},
		],
		"evidence": {"sensitivity": "restricted", "faults": []},
	} with input as fixture.input_of(fixture.key)
}

_answer := fixture.verdict(class_declared.result)

test_fail_unknown if {
	given := fixture.with_fields({"sensitivity": "very"})
	_answer == fixture.judged("FAIL", ["unknown-class"]) with input as given
}

test_fail_none_where_one_is_wanted if {
	given := fixture.without("sensitivity")
	_answer == fixture.judged("FAIL", ["no-class"]) with input as given
		with parameters.sensitivity.required as true
}

test_not_evaluated_without_an_id if {
	given := fixture.without("id")
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_where_none_is_wanted if {
	given := fixture.without("sensitivity")
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_applicable_when_destroyed if {
	given := fixture.destroyed
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}
