# METADATA
# title: As many approved as policy wants
# description: >-
#   What policy wants approved was approved by at least as many people as it wants, of what was done
#   within the days that policy looks back.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: critical
#   remediation: >-
#     Find out under which policy it was done and who changed that; have it approved anew where it can
#     still be undone.
#   subject: installation
#   reads:
#     installation.approvals: "event: outcomes with unmapped.keyproof.detail.approval, and decision.input.approvals of them"
#     installation.first: "event: time of every event of a broker that is no use of a key"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.7.6", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: nist-800-53, version: "r5", id: "AC-3(2)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: nist-800-53, version: "r5", id: "AU-9(5)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
package keyproof.rules.quorum.met

import data.keyproof.finding
import data.keyproof.installation
import data.keyproof.parameters
import data.keyproof.person

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": installation.known,
	"faults": _faults,
	"observed": {
		"done": count(_done),
		"fewest": _fewest,
	},
})

default _applicable := false

_applicable if not installation.known

_applicable if count(_done) > 0

# What is asked for some uses of an operation alone cannot be told from the operation.
_wanted[operation] := quorum.approvers if {
	some operation, quorum in parameters.quorums
	not quorum.when
}

_done contains {"operation": approved.operation, "people": people} if {
	some approved in input.installation.approvals
	_wanted[approved.operation]
	installation.recent(approved.time)
	is_array(approved.approvers)
	people := count({person.of(id) | some id in approved.approvers})
}

default _fewest := null

_fewest := min({done.people | some done in _done})

_faults contains concat("-by-", [done.operation, format_int(done.people, 10)]) if {
	some done in _done
	done.people < _wanted[done.operation]
}
