# METADATA
# title: The policy that was put in place is in force
# description: >-
#   No broker that did not stop refused a policy after it last took one, or had the one in force put back.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: high
#   remediation: >-
#     Read why it was refused, and put a policy in place that can be used; until then the one before it
#     decides.
#   subject: installation
#   reads:
#     installation.brokers: "event: RefusePolicy, RestorePolicy, ChangePolicy, StartBroker and StopBroker, by metadata.source"
#     installation.first: "event: time of every event of a broker that is no use of a key"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "CM-3(6)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
package keyproof.rules.platform.policy_accepted

import data.keyproof.finding
import data.keyproof.installation

result := finding.of(rego.metadata.chain(), {
	"applicable": true,
	"evaluated": installation.known,
	"faults": _faults,
	"observed": {"refused": _refused},
})

_refused[source] := broker.refused if some source, broker in input.installation.brokers

_faults contains source if some source, _ in _refused
