package keyproof.rules.separation.glass_reviewed_by_another_test

import data.keyproof.fixture
import data.keyproof.rules.separation.glass_reviewed_by_another

test_whole_result if {
	glass_reviewed_by_another.result == {
		"rule": "separation/glass_reviewed_by_another",
		"status": "PASS",
		"title": "Nobody reviews the glass he broke",
		"description": "Each broken glass that was reviewed was so by somebody else than its holder, under whatever name.",
		"severity": "high",
		"remediation": "Have it reviewed by another, and correct who is known under which names.",
		"controls": [
			{"framework": "nist-800-53", "version": "r5", "id": "AC-5"},
			{"framework": "hipaa", "version": "2013", "id": "164.308(a)(1)(ii)(D)"},
		],
		"evidence": {"reviewed": 1, "faults": []},
	} with input as fixture.installation_input
}

_answer := fixture.verdict(glass_reviewed_by_another.result)

test_fail_by_the_holder if {
	given := fixture.with_installation({"elevations": {"E9": {"holder": "olga", "glass": true, "began": 1795392000, "reviewed": 1795393000, "reviewer": "olga"}}})
	_answer == fixture.judged("FAIL", ["E9"]) with input as given
}

test_fail_under_another_name if {
	given := fixture.with_installation({"elevations": {"E9": {"holder": "olga", "glass": true, "began": 1795392000, "reviewed": 1795393000, "reviewer": "o.ming"}}})
	_answer == fixture.judged("FAIL", ["E9"]) with input as given with data.keyproof.parameters.persons as {"o": ["olga", "o.ming"]}
}

test_not_applicable_before_the_review if {
	given := fixture.replaced_installation("elevations", {"E9": {"holder": "olga", "glass": true, "began": 1795392000}})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_applicable_when_no_glass_was_broken if {
	given := fixture.replaced_installation("elevations", {"E2": {"holder": "olga", "glass": false, "began": 1795392000}})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_installation
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
