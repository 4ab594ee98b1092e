# METADATA
# title: Nobody approves what he asked for or does
# description: >-
#   Of what was done by approval nobody approved who had asked for it or did it, under whatever name.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: critical
#   remediation: >-
#     Look through what was done so; have it approved by another, and correct who is known under which
#     names.
#   subject: installation
#   reads:
#     installation.approvals: "event: outcomes with unmapped.keyproof.detail.approval, and decision.input.approvals of them"
#     installation.first: "event: time of every event of a broker that is no use of a key"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.7.6", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: nist-800-53, version: "r5", id: "AC-3(2)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: nist-800-53, version: "r5", id: "AC-5", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
package keyproof.rules.separation.asked_and_approved

import data.keyproof.finding
import data.keyproof.installation
import data.keyproof.person

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": installation.known,
	"faults": _faults,
	"observed": {"approvals": count(_done)},
})

default _applicable := false

_applicable if not installation.known

_applicable if count(_done) > 0

# A glass is broken on the holder's own signature: that is what it is.
_done contains approved if {
	some approved in input.installation.approvals
	approved.operation != "BreakGlass"
	is_array(approved.approvers)
}

_faults contains concat(" ", [approved.operation, approved.approval]) if {
	some approved in _done
	some id in approved.approvers
	person.of(id) in {person.of(approved.requester), person.of(approved.caller)}
}
