# METADATA
# title: Who audits keys neither changes nor uses them
# description: >-
#   An account with a role that wears the hat of audit made, changed, destroyed and used no key within
#   the days that policy counts as one person's, but under an elevation.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: high
#   remediation: >-
#     Give the account to audit alone; look through what it did, with another auditor.
#   subject: account
#   reads:
#     account.done: "event: outcomes that succeeded under no elevation, by api.operation"
#     account.first: "event: time of every call of a known caller"
#     account.roles: "event: actor.user.groups of every call, the roles that the caller's proof or policy's data gave it"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "AC-5", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: nist-800-53, version: "r5", id: "AU-9(4)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
package keyproof.rules.separation.auditor_changes_nothing

import data.keyproof.account
import data.keyproof.finding
import data.keyproof.parameters

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": account.known,
	"faults": _faults,
	"observed": {
		"roles": sort(account.roles),
		"days": parameters.tolerances.separationDays,
	},
})

default _applicable := false

_applicable if not account.known

_applicable if {
	some role in account.roles
	parameters.hats[role] == "audit"
}

_faults contains operation if some operation in (account.used | account.managed)
