# METADATA
# title: Who may manage keys does so, or may no longer
# description: >-
#   An account with a role that may make, change or destroy keys called within the days that policy
#   allows, or policy says that it ended; and one that ended calls no more.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: medium
#   remediation: >-
#     Take the role from the account at the identity provider and tell policy that it ended, or find out why it is kept; of
#     one that calls after its end find out who does.
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
	is_null(account.ended)
	not account.own
	some role, _ in input.account.roles
	account.manages(role)
}

_applicable if _called_after_its_end

default _last_call := null

_last_call := max({seen.last | some seen in input.account.roles})

_faults contains "called-after-its-end" if _called_after_its_end

_called_after_its_end if {
	not is_null(account.ended)
	_last_call > account.ended
}

_faults contains "dormant" if {
	is_null(account.ended)
	input.time.epoch - _last_call > parameters.tolerances.dormantAccountDays * 86400
}
