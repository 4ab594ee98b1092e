# METADATA
# title: No account has roles that exclude each other
# description: >-
#   Of roles that policy keeps apart no account showed both within the days that policy counts as one
#   person's, be it in different calls.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: high
#   remediation: >-
#     Take one of the roles from the account at the identity provider; look through what it did under
#     both.
#   subject: account
#   reads:
#     account.first: "event: time of every call of a known caller"
#     account.roles: "event: actor.user.groups of every call, the roles that the caller's proof or policy's data gave it"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "AC-5", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: pci-dss, version: "4.0.1", id: "3.6.1.3", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: hipaa, version: "2013", id: "164.312(d)", source: "45 CFR Part 164, Subpart C", date: "2013-01"}
package keyproof.rules.separation.conflicting_roles

import data.keyproof.account
import data.keyproof.finding
import data.keyproof.parameters

result := finding.of(rego.metadata.chain(), {
	"applicable": account.judged,
	"evaluated": account.known,
	"faults": _faults,
	"observed": {
		"roles": sort(account.roles),
		"days": parameters.tolerances.separationDays,
	},
})

_faults contains concat("-and-", pair) if {
	some pair in parameters.separation
	every role in pair {
		role in account.roles
	}
}
