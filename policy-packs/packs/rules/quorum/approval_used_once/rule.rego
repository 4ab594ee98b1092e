# METADATA
# title: An approval serves once
# description: >-
#   No approval stands behind two things that were done; one that ordered a destruction stands behind
#   the order and behind the destruction.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: critical
#   remediation: >-
#     Find out who changed the broker's database: it alone says that an approval is used up.
#   subject: installation
#   reads:
#     installation.approvals: "event: outcomes with unmapped.keyproof.detail.approval, and decision.input.approvals of them"
#     installation.first: "event: time of every event of a broker that is no use of a key"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "AC-3(2)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: nist-800-53, version: "r5", id: "AU-10", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
package keyproof.rules.quorum.approval_used_once

import data.keyproof.finding
import data.keyproof.installation

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": installation.known,
	"faults": _faults,
	"observed": {"approvals": count(_used)},
})

default _applicable := false

_applicable if not installation.known

_applicable if count(_used) > 0

_used := [use |
	some approved in input.installation.approvals
	use := concat(" ", [approved.approval, object.get(approved, "order", "")])
]

_faults contains trim_space(use) if {
	count(_used) > count({use | some use in _used})
	some use in _used
	count([other | some other in _used; other == use]) > 1
}
