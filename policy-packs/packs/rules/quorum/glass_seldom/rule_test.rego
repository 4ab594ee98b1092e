package keyproof.rules.quorum.glass_seldom_test

import data.keyproof.fixture
import data.keyproof.rules.quorum.glass_seldom

test_whole_result if {
	glass_seldom.result == {
		"rule": "quorum/glass_seldom",
		"status": "PASS",
		"title": "The glass is seldom broken",
		"description": "Within the days that policy looks back the glass was broken no more often than it allows.",
		"severity": "medium",
		"remediation": "Find out what people need so often, and let policy give it to them by approval.",
		"controls": [
			{"framework": "iso-27001", "version": "2022", "id": "A.8.16"},
			{"framework": "nist-800-53", "version": "r5", "id": "CA-7"},
		],
		"evidence": {"broken": 1, "allowed": 2, "faults": []},
	} with input as fixture.installation_input
}

_answer := fixture.verdict(glass_seldom.result)

test_fail_with_one_more if {
	given := fixture.with_installation({"elevations": {"E7": {"glass": true, "began": 1795392000}, "E8": {"glass": true, "began": 1792886400}}})
	_answer == fixture.judged("FAIL", ["too-often"]) with input as given
}

test_pass_when_one_is_long_ago if {
	given := fixture.with_installation({"elevations": {"E7": {"glass": true, "began": 1795392000}, "E8": {"glass": true, "began": 1792886399}}})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_applicable_when_no_glass_was_broken if {
	given := fixture.replaced_installation("elevations", {"E2": {"holder": "olga", "glass": false, "began": 1795392000}})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_evaluated_without_a_history if {
	given := fixture.without_installation
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}
