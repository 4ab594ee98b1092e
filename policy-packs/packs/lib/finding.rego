# METADATA
# title: Results
# description: Builds every rule's result from the metadata of its rule, so that no rule words its own.
package keyproof.finding

import data.keyproof.exceptions

of(chain, check) := {
	"rule": rule,
	"status": status(check),
	"title": about.title,
	"description": about.description,
	"severity": about.custom.severity,
	"remediation": about.custom.remediation,
	"controls": [{"framework": c.framework, "version": c.version, "id": c.id} | some c in about.custom.controls],
	"evidence": object.union(object.union(check.observed, {"faults": sort(_faults(check))}), _excepted(rule, check)),
} if {
	rule := concat("/", array.slice(chain[0].path, 2, 4))
	about := chain[count(chain) - 1].annotations
}

# What does not apply is not judged, and what could not be looked at is not passed.
status(check) := "NOT-APPLICABLE" if {
	not check.applicable
} else := "NOT-EVALUATED" if {
	not check.evaluated
} else := "FAIL" if {
	count(check.faults) > 0
} else := "PASS"

# What fails by leave of a quorum fails all the same, and says by whose leave.
_excepted(rule, check) := {"exception": exceptions.in_force(rule)} if {
	status(check) == "FAIL"
	exceptions.in_force(rule)
} else := {}

_faults(check) := check.faults if {
	status(check) == "FAIL"
} else := set()
