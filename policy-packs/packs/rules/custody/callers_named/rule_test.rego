package keyproof.rules.custody.callers_named_test

import data.keyproof.fixture
import data.keyproof.rules.custody.callers_named

test_whole_result if {
	callers_named.result == {
		"rule": "custody/callers_named",
		"status": "PASS",
		"title": "Says who may call it",
		"description": "A key that protects what is sensitive names its callers, so that a role alone does not open it.",
		"severity": "medium",
		"remediation": "Name the callers in the key's tag, as policy reads it.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.6.1"},
			{"framework": "hipaa", "version": "2013", "id": "164.312(a)(2)(iv)"},
		],
		"evidence": {"sensitivity": "restricted", "callers": "payments", "faults": []},
	} with input as fixture.input_of(fixture.key)
}

_answer := fixture.verdict(callers_named.result)

test_fail_without_the_tag if {
	given := fixture.without_tag("callers")
	_answer == fixture.judged("FAIL", ["no-callers"]) with input as given
}

test_fail_blank if {
	given := fixture.with_fields({"tags": {"callers": " "}})
	_answer == fixture.judged("FAIL", ["no-callers"]) with input as given
}

test_not_evaluated_without_tags if {
	given := fixture.without("tags")
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_to_what_is_less_sensitive if {
	given := fixture.with_fields({"sensitivity": "internal"})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_applicable_when_destroyed if {
	given := fixture.destroyed
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}
