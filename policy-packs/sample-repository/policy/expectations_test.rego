# What this organisation relies on, whatever else a change of its policy does.
package example.expectations_test

import data.keyproof.authz

_signs := {
	"operation": "Sign",
	"killSwitch": false,
	"actor": {"id": "invoices", "method": "token", "roles": ["application"]},
	"key": {
		"id": "01KAV3J8Q4W6Z0X1Y2T3R4S5P6",
		"purpose": "sign",
		"algorithm": "EC_P256",
		"state": "active",
		"owner": "invoices",
		"tags": {"stage": "prod"},
	},
	"request": {"source": "10.2.0.9", "batch": 1},
	"time": {"epoch": 1795478400, "rfc3339": "2026-11-24T00:00:00Z", "weekday": "tue", "hour": 0},
}

test_a_service_signs if authz.decision.allow with input as _signs

test_a_custodian_signs_nothing if {
	decision := authz.decision with input as object.union(_signs, {"actor": {"roles": ["custodian"]}})
	not decision.allow
	"role-not-permitted" in decision.reasons
}

test_nobody_destroys_alone if {
	decision := authz.decision with input as object.union(_signs, {"operation": "DestroyKey", "actor": {"roles": ["administrator"]}})
	not decision.allow
	"quorum-not-met" in decision.reasons
}
