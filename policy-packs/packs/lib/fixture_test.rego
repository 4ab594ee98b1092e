# METADATA
# description: A sound key, and ways to spoil it, for the rules' tests.
package keyproof.fixture

input_of(key) := {
	"key": key,
	"history": history,
	"time": {"epoch": 1795478400, "rfc3339": "2026-11-24T00:00:00Z"},
}

key := {
	"id": "01KAV3J8Q4W6Z0X1Y2T3R4S5P6",
	"name": "card-data",
	"purpose": "encrypt",
	"algorithm": "AES_256_GCM",
	"state": "active",
	"version": 3,
	"owner": "payments",
	"tags": {"callers": "payments"},
	"sensitivity": "restricted",
	"residency": "eu",
	"scope": {"environment": "production"},
	"created": "2026-01-01T00:00:00Z",
	"rotated": "2026-11-01T00:00:00Z",
	"rotationPeriodDays": 90,
	"usageLimit": 4294967296,
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

# It was born with the year, rotated when it says so, and encrypted until yesterday.
history := {
	"first": {"time": 1767225600, "attributes": key.attributes},
	"changes": {
		"CreateKey": {"done": {"time": 1767225600, "version": 1, "intent": "01KAV3J8Q4W6Z0X1Y2T3R4S5P5"}},
		"RotateKey": {"done": {"time": 1793491200, "version": 3, "intent": "01KAV3J8Q4W6Z0X1Y2T3R4S5P7"}},
	},
	"states": {"active": {"since": 1767225600}},
	"transitions": [
		{"from": "none", "to": "active", "count": 1, "last": 1767225600},
		{"from": "active", "to": "active", "count": 2, "last": 1793491200},
	],
	"providers": ["pkcs11"],
	"uses": [{"operation": "Encrypt", "state": "active", "decided": "active", "count": 1000, "last": 1795392000, "after": 28166400}],
	"current": {"version": 3, "uses": {"Encrypt": 1000}},
}

with_fields(fields) := input_of(object.union(key, fields))

with_attributes(attributes) := input_of(object.union(key, {"attributes": attributes}))

without(field) := input_of(object.remove(key, [field]))

without_tag(tag) := json.remove(input_of(key), [concat("/", ["/key/tags", tag])])

without_history := object.remove(input_of(key), ["history"])

with_history(patch) := object.union(input_of(key), {"history": patch})

_change(operation) := concat("/", ["/history/changes", operation])

with_change(operation, told) := json.patch(input_of(key), [{"op": "add", "path": _change(operation), "value": told}])

without_change(operation) := json.remove(input_of(key), [_change(operation)])

with_current(uses, fields) := json.patch(with_fields(fields), [{"op": "replace", "path": "/history/current/uses", "value": uses}])

in_state(state, since) := object.union(with_fields({"state": state}), {"history": {"states": {state: {"since": since}}}})

compromised(since, detail) := object.union(in_state("compromised", since), {"history": {"changes": {"MarkCompromised": {"done": {
	"time": since,
	"detail": detail,
}}}}})

destroyed := object.union(in_state("destroyed", 1795392000), {"history": {"changes": {"DestroyKey": {"done": {
	"time": 1795392000,
	"detail": {"proof": {"versions": 3, "inDevice": false, "wrappedKept": false}},
}}}}})

destroyed_by_order(waited, days) := object.union(destroyed, {"history": {"changes": {
	"ScheduleDestruction": {"done": {"time": 1795392000 - waited, "detail": {"days": days}}},
	"DestroyKey": {"done": {"detail": {"order": "01KAV3J8Q4W6Z0X1Y2T3R4S5P8"}}},
}}})

# What a rule answers, without the words that its metadata gives.
verdict(result) := {"status": result.status, "faults": result.evidence.faults}

judged(status, faults) := {"status": status, "faults": faults}
