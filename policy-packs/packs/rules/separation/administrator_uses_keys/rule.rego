# METADATA
# title: Who manages keys does not use them
# description: >-
#   An account that made, changed or destroyed keys used none of them within the days that policy counts
#   as one person's, but under an elevation.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: high
#   remediation: >-
#     Give the use and the management of keys to different accounts; look through what this one did.
#   subject: account
#   reads:
#     account.done: "event: outcomes that succeeded under no elevation, by api.operation"
#     account.first: "event: time of every call of a known caller"
#     account.roles: "event: actor.user.groups of every call, the roles that the caller's proof or policy's data gave it"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "AC-5", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: hipaa, version: "2013", id: "164.308(a)(1)(ii)(D)", source: "45 CFR Part 164, Subpart C", date: "2013-01"}
package keyproof.rules.separation.administrator_uses_keys

import data.keyproof.account
import data.keyproof.finding
import data.keyproof.parameters

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": account.known,
	"faults": _faults,
	"observed": {
		"managed": sort(account.managed),
		"days": parameters.tolerances.separationDays,
	},
})

default _applicable := false

_applicable if not account.known

# By what it did, not by its roles: what counts is that it managed keys, by whatever role.
_applicable if {
	not account.own
	count(account.managed) > 0
}

_faults contains operation if some operation in account.used
