# A sound account, installation, token and log, and ways to spoil them, for the rules' tests.
package keyproof.fixture

_time := {"epoch": 1795478400, "rfc3339": "2026-11-24T00:00:00Z"}

account := {
	"id": "payments",
	"first": 1767225600,
	"roles": {"application": {"last": 1795392000}},
	"done": {"Encrypt": {"count": 1000, "first": 1767225600, "last": 1795392000}},
	"refused": {"Encrypt": {"count": 3, "first": 1795392000, "last": 1795392000}},
	"days": [{"day": 20780, "refused": 3}],
}

account_input := _of("account", account)

with_account(patch) := _of("account", object.union(account, patch))

replaced_account(field, value) := _of("account", _replaced(account, field, value))

auditor(done) := _of("account", _replaced(_replaced(account, "roles", {"auditor": {"last": 1795392000}}), "done", done))

without_account := {"subject": "account", "time": _time}

# Three were enrolled at the first start, the fourth by approval; a key was destroyed, the switch released, the glass broken and reviewed.
installation := {
	"first": 1767225600,
	"approvers": {
		"alice": {"roles": ["custodian"], "since": 1767225600},
		"bob": {"roles": ["custodian"], "since": 1767225600},
		"carol": {"roles": ["custodian"], "since": 1767225601},
		"dora": {"roles": ["custodian"], "since": 1780000000, "approval": "A0"},
	},
	"approvals": [{
		"event": "e1",
		"operation": "DestroyKey",
		"time": 1795392000,
		"caller": "root",
		"approval": "A1",
		"seconds": 600,
		"requester": "root",
		"approvers": ["alice", "bob"],
	}],
	"switch": {"on": false, "time": 1795392000, "approval": "A2"},
	"elevations": {"E1": {"holder": "olga", "glass": true, "began": 1795392000, "reviewed": 1795395600, "reviewer": "eve"}},
	"ceremonies": {"C1": {"time": 1767225600, "threshold": 2, "shares": 3, "tokens": 2, "custodians": ["alice", "bob", "carol"]}},
	"brokers": {
		"broker-1": {"policy": "sha256:p", "data": "sha256:d", "since": 1767225600, "last": 1795392000},
		"broker-2": {"policy": "sha256:p", "data": "sha256:d", "since": 1767225600, "last": 1795392000},
	},
	"told": {
		"EnrolApprover": {"count": 3, "first": 1767225600, "last": 1767225601},
		"StartBroker": {"count": 2, "first": 1767225600, "last": 1767225600},
	},
	"open": {"count": 0, "oldest": []},
}

installation_input := _of("installation", installation)

with_installation(patch) := _of("installation", object.union(installation, patch))

replaced_installation(field, value) := _of("installation", _replaced(installation, field, value))

with_approval(approved) := replaced_installation("approvals", array.concat(installation.approvals, [approved]))

without_approver(id) := replaced_installation("approvers", object.remove(installation.approvers, [id]))

without_installation := {"subject": "installation", "time": _time}

token := {
	"id": "broker",
	"first": 1767225600,
	"told": {"AdoptDeviceObjects": {"count": 1, "first": 1767225600, "last": 1767225600}},
	"adoptions": ["e1"],
}

token_input := _of("token", token)

with_token(patch) := _of("token", object.union(token, patch))

replaced_token(field, value) := _of("token", _replaced(token, field, value))

without_token := {"subject": "token", "time": _time}

# One policy decided, and is kept.
log := {
	"id": "log",
	"first": 1767225600,
	"policies": {"sha256:p": {"last": 1795392000, "kept": true}},
}

log_input := _of("log", log)

with_log(patch) := _of("log", object.union(log, patch))

replaced_log(field, value) := _of("log", _replaced(log, field, value))

part_of_log := _of("log", object.remove(log, ["first"]))

_of(subject, told) := {"subject": subject, subject: told, "time": _time}

_replaced(told, field, value) := object.union(object.remove(told, [field]), {field: value})
