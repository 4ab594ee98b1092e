# METADATA
# title: Results
# description: Builds every rule's result from the metadata of its rule, so that no rule words its own.
package keyproof.finding

pass(chain, evidence) := _result(chain, "PASS", evidence)

fail(chain, evidence) := _result(chain, "FAIL", evidence)

not_applicable(chain, evidence) := _result(chain, "NOT-APPLICABLE", evidence)

not_evaluated(chain, evidence) := _result(chain, "NOT-EVALUATED", evidence)

_result(chain, status, evidence) := {
	"rule": concat("/", array.slice(chain[0].path, 2, 4)),
	"status": status,
	"title": about.title,
	"description": about.description,
	"severity": about.custom.severity,
	"remediation": about.custom.remediation,
	"controls": [{"framework": c.framework, "version": c.version, "id": c.id} | some c in about.custom.controls],
	"evidence": evidence,
} if {
	about := chain[count(chain) - 1].annotations
}
