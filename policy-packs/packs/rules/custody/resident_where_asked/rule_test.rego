package keyproof.rules.custody.resident_where_asked_test

import data.keyproof.fixture
import data.keyproof.rules.custody.resident_where_asked

test_whole_result if {
	resident_where_asked.result == {
		"rule": "custody/resident_where_asked",
		"status": "PASS",
		"title": "Lives where its class asks for",
		"description": "A key that protects what is sensitive has a residence that its class admits: for instance one device, which it never leaves.",
		"severity": "high",
		"remediation": "Create a key of the residence that the class asks for, move its callers to it, and destroy this one.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.6.1.2"},
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.7.3"},
			{"framework": "nist-800-53", "version": "r5", "id": "SC-28(3)"},
		],
		"evidence": {"sensitivity": "restricted", "residence": "resident", "faults": []},
	} with input as fixture.input_of(fixture.key)
}

_answer := fixture.verdict(resident_where_asked.result)

test_fail_replicated if {
	given := fixture.with_fields({"residence": "replicated"})
	_answer == fixture.judged("FAIL", ["residence-not-admitted"]) with input as given
}

test_not_evaluated_without_a_residence if {
	given := fixture.without("residence")
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
