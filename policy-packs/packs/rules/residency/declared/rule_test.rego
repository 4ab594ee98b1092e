package keyproof.rules.residency.declared_test

import data.keyproof.fixture
import data.keyproof.rules.residency.declared

test_whole_result if {
	declared.result == {
		"rule": "residency/declared",
		"status": "PASS",
		"title": "Says where what it protects may be",
		"description": "A key that protects what is sensitive states where that may be, where its class asks for it.",
		"severity": "medium",
		"remediation": "State the residency of what the key protects.",
		"controls": [
			{"framework": "iso-27001", "version": "2022", "id": "A.5.31"},
		],
		"evidence": {"sensitivity": "restricted", "residency": "eu", "faults": []},
	} with input as fixture.input_of(fixture.key)
}

_answer := fixture.verdict(declared.result)

test_fail_missing if {
	given := fixture.without("residency")
	_answer == fixture.judged("FAIL", ["no-residency"]) with input as given
}

test_fail_blank if {
	given := fixture.with_fields({"residency": ""})
	_answer == fixture.judged("FAIL", ["no-residency"]) with input as given
}

test_not_evaluated_without_an_id if {
	given := fixture.without("id")
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_to_what_is_less_sensitive if {
	given := fixture.with_fields({"sensitivity": "internal"})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}
