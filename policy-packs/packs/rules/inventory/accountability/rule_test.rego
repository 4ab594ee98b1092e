package keyproof.rules.inventory.accountability_test

import data.keyproof.fixture
import data.keyproof.rules.inventory.accountability

test_whole_result if {
	accountability.result == {
		"rule": "inventory/accountability",
		"status": "PASS",
		"title": "Somebody answers for it",
		"description": "The inventory names the key's owner, its purpose, where it is held and since when; also for a key that was destroyed, whose record stays.",
		"severity": "low",
		"remediation": "Record who owns the key and what it is for; a key for which nobody answers is deactivated.",
		"controls": [
			{"framework": "pci-dss", "version": "4.0.1", "id": "3.6.1.1"},
			{"framework": "nist-800-57", "version": "pt1r5", "id": "6.2.3"},
			{"framework": "nist-800-57", "version": "pt1r5", "id": "9.1"},
			{"framework": "iso-27001", "version": "2022", "id": "A.8.24"},
		],
		"evidence": {"name": "card-data", "owner": "payments", "purpose": "encrypt", "provider": "pkcs11", "created": "2026-01-01T00:00:00Z", "faults": []},
	} with input as fixture.input_of(fixture.key)
}

_answer := fixture.verdict(accountability.result)

test_fail_blank_owner if {
	_answer == fixture.judged("FAIL", ["no-owner"]) with input as fixture.with_fields({"owner": "  "})
}

test_fail_nothing_stated if {
	faults := ["no-creation-time", "no-name", "no-owner", "no-provider", "no-purpose"]
	_answer == fixture.judged("FAIL", faults) with input as fixture.input_of({"id": "k"})
}

test_pass_when_destroyed if {
	_answer == fixture.judged("PASS", []) with input as fixture.destroyed
}

test_not_evaluated_without_a_key if {
	_answer == fixture.judged("NOT-EVALUATED", []) with input as {"key": null}
}
