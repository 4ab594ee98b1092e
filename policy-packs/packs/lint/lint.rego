# METADATA
# title: The house's own lint
# description: >-
#   Reads the packs as parsed, and their data, and says what is wrong in lines of "place: what". Input is
#   {"modules": [{"file": path, "ast": what opa parse says}]}.
package keyproof.lint

import data.keyproof.frameworks
import data.keyproof.parameters
import data.keyproof.schemas

_rules[name] := module if {
	some module in input.modules
	parts := split(module.file, "/")
	parts[0] == "rules"
	parts[3] == "rule.rego"
	name := concat("/", [parts[1], parts[2]])
}

_tests[name] := module if {
	some module in input.modules
	parts := split(module.file, "/")
	parts[0] == "rules"
	parts[3] == "rule_test.rego"
	name := concat("/", [parts[1], parts[2]])
}

_about[name] := annotation if {
	some name, module in _rules
	some annotation in module.ast.annotations
	annotation.scope == "package"
}

_package(module) := concat("/", [part.value | some part in module.ast.package.path])

_heads(module) := {_head(rule.head) | some rule in module.ast.rules}

_head(head) := head.name if {
	head.name
} else := head.ref[0].value

findings contains _line(module, "a folder of rules holds rule.rego and rule_test.rego, and nothing else") if {
	some module in input.modules
	startswith(module.file, "rules/")
	not regex.match(`^rules/[a-z_]+/[a-z_]+/rule(_test)?\.rego$`, module.file)
}

findings contains _line(module, "the package is not named after the folder") if {
	some name, module in _rules
	_package(module) != concat("/", ["data/keyproof/rules", name])
}

findings contains _line(module, sprintf("%q is not in snake case", [head])) if {
	some module in input.modules
	some head in _heads(module)
	not regex.match(`^_?[a-z][a-z0-9]*(_[a-z0-9]+)*$`, head)
}

findings contains _line(module, sprintf("%q is public; a rule shows its result only", [head])) if {
	some name, module in _rules
	some head in _heads(module)
	head != "result"
	not startswith(head, "_")
}

findings contains _line(module, "no result") if {
	some name, module in _rules
	not "result" in _heads(module)
}

findings contains _line(module, sprintf("its metadata has no %s", [field])) if {
	some name, module in _rules
	some field in ["title", "description"]
	not _stated(name, [field])
}

findings contains _line(module, sprintf("its metadata has no custom.%s", [field])) if {
	some name, module in _rules
	some field in ["severity", "remediation", "subject", "reads", "controls"]
	not _stated(name, ["custom", field])
}

findings contains _line(module, "lib/judging.rego does not name it under its subject") if {
	some name, module in _rules
	not [_about[name].custom.subject, name] in _judged
}

findings contains sprintf("lib/judging.rego: there is no rule %s", [name]) if {
	some [_, name] in _judged
	not _rules[name]
}

_judged contains [subject.value, concat("/", [folder.value, term.value])] if {
	some module in input.modules
	module.file == "lib/judging.rego"
	some rule in module.ast.rules
	some [subject, folders] in rule.head.value.value
	some [folder, names] in folders.value
	some term in names.value
}

_stated(name, path) if count(object.get(_about[name], path, "")) > 0

findings contains _line(module, sprintf("its severity %q is none", [severity])) if {
	some name, module in _rules
	severity := _about[name].custom.severity
	not severity in {"informational", "low", "medium", "high", "critical"}
}

findings contains _line(module, sprintf("its subject %q is none", [subject])) if {
	some name, module in _rules
	subject := _about[name].custom.subject
	not subject in {"key", "account", "installation", "token", "log"}
}

findings contains _line(module, sprintf("it reads %s, which the input's schema does not have", [field])) if {
	some name, module in _rules
	some field, _ in _about[name].custom.reads
	not _in_schema(split(field, "."))
}

findings contains _line(module, sprintf("of %s it says %q, not \"event: \", \"read-back: \" or \"log: \" and where it stands there", [field, origin])) if {
	some name, module in _rules
	some field, origin in _about[name].custom.reads
	not regex.match(`^(event|read-back|log): .`, origin)
}

findings contains _line(module, sprintf("the metadata of its package names no schema of %s, so nobody checks what it reads", [concat(".", path)])) if {
	some module in input.modules
	not endswith(module.file, "_test.rego")
	some path in _to_be_typed(module)
	not [_package(module), path] in _typed
}

# A rule reads the input, if only by what the library reads for it.
_to_be_typed(module) := {["input"] | endswith(module.file, "/rule.rego")} | {path |
	walk(module.ast, [_, node])
	names := _library(node)
	some path in [["input"], ["data", "keyproof", "parameters"]]
	array.slice(names, 0, count(path)) == path
}

# One module of a package says it for all of them.
_typed contains [_package(module), [part.value | some part in schema.path]] if {
	some module in input.modules
	some annotation in module.ast.annotations
	annotation.scope == "package"
	some schema in annotation.schemas
}

findings contains _line(module, sprintf("it reads %s, which its metadata does not name", [concat(".", path)])) if {
	some name, module in _rules
	some path in _read(module)
	not _declared(name, path)
}

# The clock is no evidence.
_read(module) := {path |
	walk(module.ast.rules, [_, node])
	path := _field(node)
	path[0] != "time"
}

# input.a.b, as far as its names are constant; and what the library is asked for by name.
_field(node) := array.slice(names, 0, min({i | some i, name in names; name == null} | {count(names)})) if {
	node.type == "ref"
	node.value[0].value == "input"
	names := [_constant(term) | some term in array.slice(node.value, 1, count(node.value))]
	count(names) > 0
}

_field(node) := ["key", node[1].value] if {
	_library(node[0]) == ["subject", "field"]
}

_field(node) := ["key", "attributes", node[1].value] if {
	_library(node[0]) == ["subject", "attribute"]
}

_field(node) := ["history", "changes", node[1].value] if {
	_library(node[0]) in {["history", "done"], ["history", "failed"]}
	node[1].type == "string"
}

_field(node) := ["installation", "told", node[1].value] if {
	_library(node[0]) == ["installation", "told"]
}

_field(node) := ["log", "found", node[1].value] if {
	_library(node[0]) == ["log", "found"]
}

_library(term) := [part.value | some part in term.value] if term.type == "ref"

default _constant(_) := null

_constant(term) := term.value if term.type == "string"

# What is read whole, and what is read in part, names each other.
_declared(name, path) if {
	some field, _ in _about[name].custom.reads
	declared := split(field, ".")
	shorter := min([count(declared), count(path)])
	array.slice(declared, 0, shorter) == array.slice(path, 0, shorter)
}

# The places that the input's schema has: names of fields, and null for a field of any name.
_places contains place if {
	walk(schemas["compliance-input"], [path, node])
	is_object(node)
	place := [_named_field(path, i) | some i, part in path; _is_field(path, i, part)]
	_leads(path)
}

_is_field(path, i, _) if path[i - 1] == "properties"

_is_field(_, _, part) if part == "additionalProperties"

_named_field(path, i) := path[i] if path[i - 1] == "properties"

_named_field(path, i) := null if {
	path[i] == "additionalProperties"
	not path[i - 1] == "properties"
}

_leads(path) if not path[count(path) - 1] in {"properties", "items", "required"}

_in_schema(path) if {
	some place in _places
	count(place) == count(path)
	every i, name in place {
		name in {null, path[i]}
	}
}

findings contains _line(module, sprintf("control %v has no %s", [object.get(control, "id", "?"), field])) if {
	some name, module in _rules
	some control in _about[name].custom.controls
	some field in ["framework", "version", "id", "source", "date"]
	not control[field]
}

findings contains _line(module, sprintf("control %s %s is not in the framework, or does not name the rule", [control.framework, control.id])) if {
	some name, module in _rules
	some control in _about[name].custom.controls
	not _named(control, name)
}

_named(control, name) if {
	some framework in frameworks
	framework.framework == control.framework
	framework.version == control.version
	some known in framework.controls
	known.id == control.id
	name in known.rules
}

findings contains sprintf("frameworks/%s: control %s names %s, which does not name it", [folder, control.id, name]) if {
	some folder, framework in frameworks
	some control in framework.controls
	some name in control.rules
	not _names(name, framework, control)
}

_names(name, framework, control) if {
	some named in _about[name].custom.controls
	named.framework == framework.framework
	named.version == framework.version
	named.id == control.id
}

findings contains sprintf("frameworks/%s: it has no %s", [folder, field]) if {
	some folder, framework in frameworks
	some field in ["framework", "version", "title", "publisher", "date", "checked", "controls"]
	not _said(framework, field)
}

_said(object_, field) if count(object_[field]) > 0

findings contains sprintf("frameworks/%s: control %v has no %s", [folder, object.get(control, "id", "?"), field]) if {
	some folder, framework in frameworks
	some control in framework.controls
	some field in ["id", "title"]
	not _said(control, field)
}

findings contains sprintf("frameworks/%s: control %s stands there twice", [folder, control.id]) if {
	some folder, framework in frameworks
	some i, control in framework.controls
	some j, other in framework.controls
	i < j
	control.id == other.id
}

findings contains sprintf("frameworks/%s: control %s has %s, which no control has", [folder, control.id, field]) if {
	some folder, framework in frameworks
	some control in framework.controls
	some field, _ in control
	not field in {"id", "title", "rules", "person", "attach"}
}

findings contains sprintf("frameworks/%s: nobody answers control %s", [folder, control.id]) if {
	some folder, framework in frameworks
	some control in framework.controls
	count(object.get(control, "rules", [])) + count(object.get(control, "person", "")) == 0
}

findings contains sprintf("frameworks/%s: control %s is to say both what a person supplies and where it is attached", [folder, control.id]) if {
	some folder, framework in frameworks
	some control in framework.controls
	count({field | some field in ["person", "attach"]; _said(control, field)}) == 1
}

findings contains _line(module, sprintf("no test whose name begins with %s", [prefix])) if {
	some name, module in _rules
	some prefix in ["test_whole_result", "test_fail", "test_not"]
	not _tested(name, prefix)
}

_tested(name, prefix) if {
	some head in _heads(_tests[name])
	startswith(head, prefix)
}

findings contains sprintf("authz: nobody is told what the check %s looks at", [check]) if {
	some check in (_checks - _told)
}

findings contains sprintf("authz: it is told what %s looks at, which is no check", [check]) if {
	some check in (_told - _checks)
}

_checks := {rule.head.ref[1].value |
	some rule in _authz
	rule.head.ref[0].value == "checks"
}

_told := {entry[0].value |
	some rule in _authz
	rule.head.name == "_looks_at"
	some entry in rule.head.value.value
}

_authz contains rule if {
	some module in input.modules
	startswith(module.file, "authz/")
	some rule in module.ast.rules
}

findings contains sprintf("parameters: role %s may do %s, which is no operation", [role, operation]) if {
	some role, operations in parameters.roles
	some operation in operations
	not parameters.operations[operation]
}

findings contains sprintf("parameters: nobody may do %s", [operation]) if {
	some operation, _ in parameters.operations
	every operations in parameters.roles {
		not operation in operations
	}
}

findings contains sprintf("parameters: %s is no role", [role]) if {
	some role in _roles_named
	not parameters.roles[role]
}

_roles_named := {role | some pair in parameters.separation; some role in pair} | {quorum.role | some quorum in parameters.quorums}

_line(module, what) := sprintf("%s: %s", [module.file, what])
