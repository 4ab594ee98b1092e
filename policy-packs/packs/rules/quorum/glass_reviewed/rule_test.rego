package keyproof.rules.quorum.glass_reviewed_test

import data.keyproof.fixture
import data.keyproof.rules.quorum.glass_reviewed

test_whole_result if {
	glass_reviewed.result == {
		"rule": "quorum/glass_reviewed",
		"status": "PASS",
		"title": "A broken glass is reviewed in time",
		"description": "Each elevation that was taken without others' approval was reviewed within the hours that policy allows, and none was forgotten before it was.",
		"severity": "high",
		"remediation": "Have it reviewed by somebody else than its holder.",
		"controls": [
			{"framework": "hipaa", "version": "2013", "id": "164.308(a)(1)(ii)(D)"},
			{"framework": "iso-27001", "version": "2022", "id": "A.8.16"},
			{"framework": "nist-800-53", "version": "r5", "id": "CA-7"},
		],
		"evidence": {"broken": 1, "allowedHours": 24, "faults": []},
	} with input as fixture.installation_input
}

_answer := fixture.verdict(glass_reviewed.result)

test_fail_when_nobody_did if {
	given := fixture.with_installation({"elevations": {"E9": {"holder": "olga", "glass": true, "began": 1795391999}}})
	_answer == fixture.judged("FAIL", ["E9"]) with input as given
}

test_fail_when_it_was_late if {
	given := fixture.with_installation({"elevations": {"E9": {"holder": "olga", "glass": true, "began": 1794000000, "reviewed": 1794086401, "reviewer": "eve"}}})
	_answer == fixture.judged("FAIL", ["E9"]) with input as given
}

test_fail_however_long_ago if {
	given := fixture.with_installation({"elevations": {"E9": {"holder": "olga", "glass": true, "began": 1700000000}}})
	_answer == fixture.judged("FAIL", ["E9"]) with input as given
}

test_pass_on_the_last_second if {
	given := fixture.with_installation({"elevations": {"E9": {"holder": "olga", "glass": true, "began": 1795392000}}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_pass_when_it_was_late_long_ago if {
	given := fixture.with_installation({"elevations": {"E9": {"holder": "olga", "glass": true, "began": 1700000000, "reviewed": 1750000000, "reviewer": "eve"}}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_fail_when_one_was_forgotten if {
	given := fixture.with_installation({"forgottenGlasses": 1})
	_answer == fixture.judged("FAIL", ["forgotten"]) with input as given
	alone := fixture.with_installation({"elevations": {"E1": {"glass": false}}, "forgottenGlasses": 1})
	_answer == fixture.judged("FAIL", ["forgotten"]) with input as alone
}

test_not_applicable_when_no_glass_was_broken if {
	given := fixture.replaced_installation("elevations", {"E2": {"holder": "olga", "glass": false, "began": 1795392000}})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_installation
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_pass_when_it_was_reviewed_on_the_last_second if {
	given := fixture.with_installation({"elevations": {"E9": {"holder": "olga", "glass": true, "began": 1794000000, "reviewed": 1794086400, "reviewer": "eve"}}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_applicable_when_none_was_forgotten if {
	given := fixture.with_installation({"elevations": {"E1": {"glass": false}}, "forgottenGlasses": 0})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}
