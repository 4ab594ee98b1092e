# METADATA
# title: Who may manage keys does so, or may no longer
# description: >-
#   An account with a role that may make, change or destroy keys called within the days that policy
#   allows.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: medium
#   remediation: >-
#     Take the role from the account at the identity provider, or find out why it is kept.
#   subject: account
#   reads:
#     account.first: "event: time of every call of a known caller"
#     account.roles: "event: actor.user.groups of every call, the roles that the caller's proof or policy's data gave it"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "AC-5", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: pci-dss, version: "4.0.1", id: "3.6.1.3", source: "PCI DSS 4.0.1", date: "2024-06"}
package keyproof.rules.separation.dormant_account

import data.keyproof.account
import data.keyproof.finding
import data.keyproof.parameters

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": account.known,
	"faults": _faults,
	"observed": {
		"lastCall": _last_call,
		"allowedDays": parameters.tolerances.dormantAccountDays,
	},
})

default _applicable := false

_applicable if not account.known

_applicable if {
	not account.own
	some role, _ in input.account.roles
	account.manages(role)
}

default _last_call := null

_last_call := max({seen.last | some seen in input.account.roles})

_faults contains "dormant" if input.time.epoch - _last_call > parameters.tolerances.dormantAccountDays * 86400
