package keyproof.lint_test

import data.keyproof.lint

_path(names) := [{"type": "string", "value": name} | some name in names]

_module(file, names, heads, annotations) := {"file": file, "ast": {
	"package": {"path": _path(names)},
	"annotations": annotations,
	"rules": array.concat([{"head": {"name": head}} | some head in heads], [{"head": {"ref": [{"value": heads[0]}]}}]),
}}

_control := {"framework": "f", "version": "1", "id": "1.1", "source": "F", "date": "2026"}

_about := {"scope": "package", "title": "T", "description": "D", "custom": {
	"severity": "low",
	"remediation": "R",
	"controls": [_control],
}}

_rule(heads, about) := _module("rules/a/b/rule.rego", ["data", "keyproof", "rules", "a", "b"], heads, [about])

_test := _module("rules/a/b/rule_test.rego", ["data"], ["test_whole_result", "test_fail_x", "test_not_y"], [])

_frameworks := {"f-1": {"framework": "f", "version": "1", "controls": [
	{"id": "1.1", "rules": ["a/b"]},
	{"id": "1.2", "person": "somebody"},
]}}

_parameters := {
	"roles": {"r": ["Do"], "s": []},
	"operations": {"Do": {}},
	"separation": [["r", "s"]],
	"quorums": {"Do": {"role": "r"}},
}

_found(modules) := findings if {
	findings := lint.findings with input as {"modules": modules}
		with data.keyproof.frameworks as _frameworks
		with data.keyproof.parameters as _parameters
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

test_control_without_answer if {
	frameworks := {"f-1": {"framework": "f", "version": "1", "controls": [{"id": "2"}, {"id": "3", "rules": [], "person": "p"}]}}
	findings := lint.findings with input as {"modules": []}
		with data.keyproof.frameworks as frameworks
		with data.keyproof.parameters as _parameters
	findings == {"frameworks/f-1: control 2 is answered by rules or by a person, by one of them"}
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
