# METADATA
# description: A sound key, and ways to spoil it, for the rules' tests.
package keyproof.fixture

input_of(key) := {"key": key, "time": {"epoch": 1795478400, "rfc3339": "2026-11-24T00:00:00Z"}}

key := {
	"id": "01KAV3J8Q4W6Z0X1Y2T3R4S5P6",
	"name": "card-data",
	"purpose": "encrypt",
	"algorithm": "AES_256_GCM",
	"state": "active",
	"version": 3,
	"owner": "payments",
	"tags": {},
	"created": "2026-01-01T00:00:00Z",
	"rotated": "2026-11-01T00:00:00Z",
	"rotationPeriodDays": 90,
	"provider": "pkcs11",
	"residence": "resident",
	"attributes": {
		"sensitive": true,
		"extractable": false,
		"alwaysSensitive": true,
		"neverExtractable": true,
		"local": true,
		"modifiable": false,
		"copyable": false,
		"encrypt": true,
		"decrypt": true,
		"sign": false,
		"verify": false,
		"wrap": false,
		"unwrap": false,
		"keyType": "AES",
		"bits": 256,
	},
}

with_fields(fields) := input_of(object.union(key, fields))

with_attributes(attributes) := input_of(object.union(key, {"attributes": attributes}))

without(field) := input_of(object.remove(key, [field]))

destroyed := with_fields({"state": "destroyed"})

# What a rule answers, without the words that its metadata gives.
verdict(result) := {"status": result.status, "faults": result.evidence.faults}

judged(status, faults) := {"status": status, "faults": faults}
