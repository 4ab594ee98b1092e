package keyproof.authz_evidence_test

import data.keyproof.authz
import data.keyproof.parameters

_call(operation, roles) := {
	"operation": operation,
	"actor": {"id": "ann", "method": "token", "roles": roles},
	"request": {"source": "127.0.0.1", "batch": 1},
	"time": {"epoch": 1795478400},
}

_reads := {"ReadState", "ReadLog", "FindRecords", "ReadRecord", "ReadPacks", "BuildPack", "RenewTime", "ReadPerson", "OpenArtifact", "ReadCases"}

_upkeep := {"RolloverSigners", "SealDrill", "PutPerson", "ErasePerson", "EraseArtifact", "DropYear"}

_casework := {"OpenCase", "AttachRecord", "AddNote", "HoldCase", "CloseCase"}

_granted := {"allow": true, "reasons": ["granted"], "obligations": {}}

_refused(reason) := {"allow": false, "reasons": [reason], "obligations": {}}

test_auditors_and_operators_read if {
	every operation in _reads {
		authz.decision == _granted with input as _call(operation, ["auditor"])
		authz.decision == _granted with input as _call(operation, ["operator"])
	}
}

test_operators_alone_keep_it_up if {
	every operation in _upkeep {
		authz.decision == _granted with input as _call(operation, ["operator"])
		authz.decision == _refused("role-not-permitted") with input as _call(operation, ["auditor"])
	}
}

test_auditors_alone_work_on_cases if {
	every operation in _casework {
		authz.decision == _granted with input as _call(operation, ["auditor"])
		authz.decision == _refused("role-not-permitted") with input as _call(operation, ["operator"])
	}
}

test_nobody_else_reads if {
	every operation in (_reads | _upkeep) | _casework {
		every role in ["application", "custodian", "administrator", "monitor", "scheduler"] {
			authz.decision == _refused("role-not-permitted") with input as _call(operation, [role])
		}
	}
}

test_who_uses_keys_audits_nothing if {
	authz.decision == _refused("roles-conflict") with input as _call("ReadRecord", ["application", "auditor"])
}

test_a_link_is_good_for_some_minutes if {
	decision := authz.decision with input as _call("DownloadPack", ["auditor"])
	decision == {"allow": true, "reasons": ["granted"], "obligations": {"linkMinutes": parameters.evidence.linkMinutes}}
	changed := authz.decision with input as _call("DownloadPack", ["auditor"]) with parameters.evidence as {"linkMinutes": 3}
	changed.obligations.linkMinutes == 3
}
