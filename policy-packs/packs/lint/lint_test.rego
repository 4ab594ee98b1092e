package keyproof.lint_test

import data.keyproof.lint

_path(names) := [{"type": "string", "value": name} | some name in names]

_module(file, names, heads, annotations) := {"file": file, "ast": {
	"package": {"path": _path(names)},
	"annotations": annotations,
	"rules": array.concat([{"head": {"name": head}} | some head in heads], [{"head": {"ref": [{"value": heads[0]}]}}]),
}}

_control := {"framework": "f", "version": "1", "id": "1.1", "source": "F", "date": "2026"}

_schema_of_input := {"path": [{"type": "var", "value": "input"}]}

_about := {"scope": "package", "title": "T", "description": "D", "schemas": [_schema_of_input], "custom": {
	"severity": "low",
	"remediation": "R",
	"subject": "key",
	"reads": {"key.owner": "event: resources[0].data.owner"},
	"controls": [_control],
}}

_rule(heads, about) := _module("rules/a/b/rule.rego", ["data", "keyproof", "rules", "a", "b"], heads, [about])

_test := _module("rules/a/b/rule_test.rego", ["data"], ["test_whole_result", "test_fail_x", "test_not_y"], [])

_framework(controls) := {
	"framework": "f",
	"version": "1",
	"title": "F",
	"publisher": "P",
	"date": "2026",
	"checked": {"date": "2026", "against": "the text"},
	"controls": controls,
}

_frameworks := {"f-1": _framework([
	{"id": "1.1", "title": "T", "rules": ["a/b"], "person": "somebody as well", "attach": "here"},
	{"id": "1.2", "title": "T", "person": "somebody", "attach": "here"},
])}

_schemas := {"compliance-input": {
	"required": ["key"],
	"properties": {
		"key": {"properties": {"owner": {"type": "string"}, "attributes": {"properties": {"bits": {"type": "integer"}}}}},
		"history": {"properties": {
			"changes": {"additionalProperties": {"properties": {"done": {"type": "object"}}}},
			"uses": {"type": "array", "items": {"properties": {"additionalProperties": {"type": "string"}}}},
		}},
	},
}}

_parameters := {
	"roles": {"r": ["Do"], "s": []},
	"operations": {"Do": {}},
	"separation": [["r", "s"]],
	"quorums": {"Do": {"role": "r"}},
}

# The table that says which rule judges what.
_judging(subject, rule) := {"file": "lib/judging.rego", "ast": {"package": {"path": _path(["data"])}, "annotations": [], "rules": [{"head": {
	"name": "rules",
	"value": {"type": "object", "value": [[
		{"type": "string", "value": subject},
		{"type": "object", "value": [[{"type": "string", "value": "a"}, {"type": "set", "value": [{"type": "string", "value": rule}]}]]},
	]]},
}}]}}

_found(modules) := _found_beside(modules, _judging("key", "b"))

_found_beside(modules, table) := findings if {
	findings := lint.findings with input as {"modules": array.concat(modules, [table])}
		with data.keyproof.frameworks as _frameworks
		with data.keyproof.parameters as _parameters
		with data.keyproof.schemas as _schemas
}

_about_with(patch) := json.patch(_about, [patch])

test_sound if {
	_found([_rule(["result", "_x"], _about), _test]) == set()
}

test_stray_file if {
	_found([
		_rule(["result"], _about),
		_test,
		_module("rules/a/b/other.rego", [], ["x"], []),
	]) == {"rules/a/b/other.rego: a folder of rules holds rule.rego and rule_test.rego, and nothing else"}
}

test_package if {
	module := _module("rules/a/b/rule.rego", ["data", "x"], ["result"], [_about])
	_found([module, _test]) == {"rules/a/b/rule.rego: the package is not named after the folder"}
}

test_names if {
	_found([_rule(["result", "camelCase"], _about), _test]) == {
		`rules/a/b/rule.rego: "camelCase" is not in snake case`,
		`rules/a/b/rule.rego: "camelCase" is public; a rule shows its result only`,
	}
}

test_no_result if {
	_found([_rule(["_x"], _about), _test]) == {"rules/a/b/rule.rego: no result"}
}

test_metadata if {
	_found([_rule(["result"], _about_with({"op": "remove", "path": "/title"})), _test]) == {"rules/a/b/rule.rego: its metadata has no title"}
	_found([_rule(["result"], _about_with({"op": "remove", "path": "/custom/remediation"})), _test]) == {"rules/a/b/rule.rego: its metadata has no custom.remediation"}
	_found([_rule(["result"], _about_with({"op": "add", "path": "/custom/severity", "value": "dire"})), _test]) == {`rules/a/b/rule.rego: its severity "dire" is none`}
	_found([_rule(["result"], _about_with({"op": "remove", "path": "/custom/controls/0/source"})), _test]) == {"rules/a/b/rule.rego: control 1.1 has no source"}
}

test_subject if {
	about := _about_with({"op": "replace", "path": "/custom/subject", "value": "moon"})
	_found_beside([_rule(["result"], about), _test], _judging("moon", "b")) == {`rules/a/b/rule.rego: its subject "moon" is none`}
}

test_the_table_of_rules if {
	_found_beside([_rule(["result"], _about), _test], _judging("account", "b")) == {"rules/a/b/rule.rego: lib/judging.rego does not name it under its subject"}
	_found_beside([_rule(["result"], _about), _test], _judging("key", "c")) == {
		"rules/a/b/rule.rego: lib/judging.rego does not name it under its subject",
		"lib/judging.rego: there is no rule a/c",
	}
}

_reading(fields) := _rule(["result"], _about_with({"op": "replace", "path": "/custom/reads", "value": fields}))

_origin := "event: it"

test_what_can_be_read if {
	_found([_reading({"key.owner": _origin, "history.changes.RotateKey.done": _origin, "history.uses.additionalProperties": _origin}), _test]) == set()
	_found([_reading({"key.owners": _origin}), _test]) == {"rules/a/b/rule.rego: it reads key.owners, which the input's schema does not have"}
	_found([_reading({"key.owner.name": _origin}), _test]) == {"rules/a/b/rule.rego: it reads key.owner.name, which the input's schema does not have"}
}

test_where_it_stands if {
	_found([_reading({"key.owner": "somewhere"}), _test]) == {`rules/a/b/rule.rego: of key.owner it says "somewhere", not "event: ", "read-back: " or "log: " and where it stands there`}
}

_ref(names) := {"type": "ref", "value": array.concat([{"type": "var", "value": names[0]}], [{"type": "string", "value": name} |
	some i, name in names
	i > 0
])}

# A rule whose body has these terms.
_using(terms) := json.patch(_reading({"key.owner": _origin, "history.changes.RotateKey": _origin}), [{"op": "add", "path": "/ast/rules/-", "value": {
	"head": {"name": "_x"},
	"body": [{"terms": terms}],
}}])

test_what_is_read_is_named if {
	_found([_using([_ref(["input", "key", "owner"]), _ref(["input", "time", "epoch"]), _ref(["input"])]), _test]) == set()
	_found([_using([_ref(["input", "key", "bits"])]), _test]) == {"rules/a/b/rule.rego: it reads key.bits, which its metadata does not name"}
	_found([_using([_ref(["subject", "field"]), {"type": "string", "value": "owner"}]), _test]) == set()
	_found([_using([_ref(["subject", "field"]), {"type": "string", "value": "name"}]), _test]) == {"rules/a/b/rule.rego: it reads key.name, which its metadata does not name"}
	_found([_using([_ref(["subject", "attribute"]), {"type": "string", "value": "bits"}]), _test]) == {"rules/a/b/rule.rego: it reads key.attributes.bits, which its metadata does not name"}
	_found([_using([_ref(["history", "done"]), {"type": "string", "value": "RotateKey"}]), _test]) == set()
	_found([_using([_ref(["installation", "told"]), {"type": "string", "value": "JournalGap"}]), _test]) == {"rules/a/b/rule.rego: it reads installation.told.JournalGap, which its metadata does not name"}
	_found([_using([_ref(["log", "found"]), {"type": "string", "value": "continuity-head"}]), _test]) == {"rules/a/b/rule.rego: it reads log.found.continuity-head, which its metadata does not name"}
	_found([_using([_ref(["history", "done"]), {"type": "string", "value": "DestroyKey"}]), _test]) == {"rules/a/b/rule.rego: it reads history.changes.DestroyKey, which its metadata does not name"}
}

test_what_is_read_is_typed if {
	untyped := "rules/a/b/rule.rego: the metadata of its package names no schema of input, so nobody checks what it reads"
	_found([_rule(["result"], _about_with({"op": "remove", "path": "/schemas"})), _test]) == {untyped}
	_found([_rule(["result"], _about_with({"op": "replace", "path": "/schemas", "value": []})), _test]) == {untyped}
}

# A module beside the rule, of one package with those that are given.
_beside(file, terms, modules) := _found(array.concat(modules, [
	_rule(["result"], _about),
	_test,
	{"file": file, "ast": {"package": {"path": _path(["data", "p"])}, "rules": [{"head": {"name": "x"}, "body": [{"terms": terms}]}]}},
]))

_saying(schemas) := {"file": "authz/decision.rego", "ast": {
	"package": {"path": _path(["data", "p"])},
	"annotations": [{"scope": "package", "schemas": schemas}],
	"rules": [],
}}

test_one_module_names_the_schemas_of_its_package if {
	parameters := ["data", "keyproof", "parameters"]
	_beside("lib/p.rego", [_ref(["input", "x"])], []) == {"lib/p.rego: the metadata of its package names no schema of input, so nobody checks what it reads"}
	_beside("authz/x.rego", [_ref(["input", "x"])], [_saying([_schema_of_input])]) == set()
	_beside("authz/x.rego", [_ref(["input"])], [_saying([{"path": _path(parameters)}])]) == {"authz/x.rego: the metadata of its package names no schema of input, so nobody checks what it reads"}
	_beside("authz/x.rego", [_ref(parameters)], [_saying([_schema_of_input])]) == {"authz/x.rego: the metadata of its package names no schema of data.keyproof.parameters, so nobody checks what it reads"}
	_beside("authz/x.rego", [_ref(array.concat(parameters, ["roles"]))], [_saying([{"path": _path(parameters)}])]) == set()
	_beside("authz/x.rego", [_ref(["data", "keyproof", "frameworks"])], []) == set()
	_beside("authz/x_test.rego", [_ref(["input", "x"])], []) == set()
}

test_a_field_of_any_name_is_covered_by_what_holds_it if {
	term := json.patch(_ref(["input", "key", "x", "y"]), [{"op": "replace", "path": "/value/2", "value": {"type": "var", "value": "name"}}])
	_found([_using([term]), _test]) == set()
}

test_unknown_control if {
	about := _about_with({"op": "add", "path": "/custom/controls/0/id", "value": "9"})
	_found([_rule(["result"], about), _test]) == {
		"rules/a/b/rule.rego: control f 9 is not in the framework, or does not name the rule",
		"frameworks/f-1: control 1.1 names a/b, which does not name it",
	}
}

test_no_test if {
	_found([_rule(["result"], _about)]) == {
		"rules/a/b/rule.rego: no test whose name begins with test_whole_result",
		"rules/a/b/rule.rego: no test whose name begins with test_fail",
		"rules/a/b/rule.rego: no test whose name begins with test_not",
	}
}

_of_frameworks(frameworks) := findings if {
	findings := lint.findings with input as {"modules": []}
		with data.keyproof.frameworks as frameworks
		with data.keyproof.parameters as _parameters
}

_of_controls(controls) := _of_frameworks({"f-1": _framework(controls)})

test_control_without_answer if {
	_of_controls([{"id": "2", "title": "T"}]) == {"frameworks/f-1: nobody answers control 2"}
	_of_controls([{"id": "3", "title": "T", "rules": [], "person": "p"}]) == {"frameworks/f-1: control 3 is to say both what a person supplies and where it is attached"}
	_of_controls([{"id": "4", "title": "T", "rules": [], "person": "p", "attach": ""}]) == {"frameworks/f-1: control 4 is to say both what a person supplies and where it is attached"}
}

test_control_without_a_field if {
	_of_controls([{"id": "2", "person": "p", "attach": "a"}]) == {"frameworks/f-1: control 2 has no title"}
}

test_control_with_another_field if {
	_of_controls([{"id": "2", "title": "T", "person": "p", "attach": "a", "attached": "b"}]) == {"frameworks/f-1: control 2 has attached, which no control has"}
}

test_control_twice if {
	control := {"id": "2", "title": "T", "person": "p", "attach": "a"}
	_of_controls([control, control]) == {"frameworks/f-1: control 2 stands there twice"}
}

test_framework_without_a_field if {
	_of_frameworks({"f-1": object.remove(_framework([{"id": "2", "title": "T", "person": "p", "attach": "a"}]), ["checked"])}) == {"frameworks/f-1: it has no checked"}
}

test_parameters if {
	parameters := {
		"roles": {"r": ["Undo"]},
		"operations": {"Do": {}},
		"separation": [["r", "s"]],
		"quorums": {},
	}
	findings := lint.findings with input as {"modules": []}
		with data.keyproof.frameworks as {}
		with data.keyproof.parameters as parameters
	findings == {
		"parameters: role r may do Undo, which is no operation",
		"parameters: nobody may do Do",
		"parameters: s is no role",
	}
}

test_each_check_says_what_it_looks_at if {
	check := {"head": {"ref": [{"value": "checks"}, {"value": "state"}]}}
	told := {"head": {"name": "_looks_at", "ref": [{"value": "_looks_at"}], "value": {"value": [[{"value": "role"}, {"value": []}]]}}}
	module := {"file": "authz/checks.rego", "ast": {"package": {"path": _path(["data"])}, "rules": [check, told]}}
	findings := lint.findings with input as {"modules": [module]}
		with data.keyproof.frameworks as {}
		with data.keyproof.parameters as {}
	findings == {
		"authz: nobody is told what the check state looks at",
		"authz: it is told what role looks at, which is no check",
	}
}
