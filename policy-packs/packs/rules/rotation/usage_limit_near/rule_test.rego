package keyproof.rules.rotation.usage_limit_near_test

import data.keyproof.fixture
import data.keyproof.rules.rotation.usage_limit_near

test_whole_result if {
	usage_limit_near.result == {
		"rule": "rotation/usage_limit_near",
		"status": "PASS",
		"title": "Its uses stay clear of its limit",
		"description": "The current version of a key has protected less than the share of its usage limit at which policy wants it rotated.",
		"severity": "high",
		"remediation": "Rotate the key now, before it is refused at its limit, and see why it is used more than was planned.",
		"controls": [
			{"framework": "nist-800-38d", "version": "2007", "id": "8.3"},
			{"framework": "keyproof-device", "version": "1", "id": "gcm-near-limit"},
		],
		"evidence": {"limit": 4294967296, "protected": 1000, "share": 0.8, "faults": []},
	} with input as fixture.input_of(fixture.key)
}

_answer := fixture.verdict(usage_limit_near.result)

test_fail_at_the_share if {
	given := fixture.with_current({"Encrypt": 700, "GenerateDataKey": 100, "Decrypt": 999}, {"usageLimit": 1000})
	_answer == fixture.judged("FAIL", ["near"]) with input as given
}

test_pass_one_below if {
	given := fixture.with_current({"Encrypt": 700, "GenerateDataKey": 99, "Decrypt": 999}, {"usageLimit": 1000})
	_answer == fixture.judged("PASS", []) with input as given
}

test_not_evaluated_when_another_version_was_counted if {
	given := fixture.with_fields({"version": 4})
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_not_applicable_without_a_limit if {
	given := fixture.without("usageLimit")
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

test_not_applicable_when_deactivated if {
	given := fixture.with_fields({"state": "deactivated"})
	_answer == fixture.judged("NOT-APPLICABLE", []) with input as given
}

# Whoever did not see the version begin cannot have counted all of its uses.
test_not_evaluated_when_the_version_began_unseen if {
	given := json.remove(fixture.input_of(fixture.key), ["/history/changes/RotateKey"])
	_answer == fixture.judged("NOT-EVALUATED", []) with input as given
}

test_pass_for_the_first_version if {
	first := object.union(fixture.with_fields({"version": 1}), {"history": {"current": {"version": 1}}})
	_answer == fixture.judged("PASS", []) with input as json.remove(first, ["/history/changes/RotateKey"])
}
