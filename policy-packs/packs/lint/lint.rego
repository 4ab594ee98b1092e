# METADATA
# title: The house's own lint
# description: >-
#   Reads the packs as parsed, and their data, and says what is wrong in lines of "place: what". Input is
#   {"modules": [{"file": path, "ast": what opa parse says}]}.
package keyproof.lint

import data.keyproof.frameworks
import data.keyproof.parameters

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
	some field in ["severity", "remediation", "controls"]
	not _stated(name, ["custom", field])
}

_stated(name, path) if count(object.get(_about[name], path, "")) > 0

findings contains _line(module, sprintf("its severity %q is none", [severity])) if {
	some name, module in _rules
	severity := _about[name].custom.severity
	not severity in {"informational", "low", "medium", "high", "critical"}
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

findings contains sprintf("frameworks/%s: control %s is answered by rules or by a person, by one of them", [folder, control.id]) if {
	some folder, framework in frameworks
	some control in framework.controls
	count({answer | some answer in ["rules", "person"]; count(object.get(control, answer, [])) > 0}) != 1
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
