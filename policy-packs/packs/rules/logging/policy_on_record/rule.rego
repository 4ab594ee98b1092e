# METADATA
# title: The policy behind every decision is on record
# description: >-
#   Every policy by which a broker decided is sealed in the log, so that each decision can be made
#   again. It is judged where the sealed log is read; the stream has no such entries.
# schemas:
#   - input: schema["compliance-input"]
# custom:
#   severity: high
#   remediation: >-
#     Name the bundle among the policies of the evidence service, which seals and keeps it.
#   subject: log
#   reads:
#     log.first: "log: whether the whole log is read"
#     log.policies: "event: unmapped.keyproof.decision.policy of brokers, held against the entries policy/v1 of the log"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "AU-10", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: nist-800-53, version: "r5", id: "CM-3(6)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
package keyproof.rules.logging.policy_on_record

import data.keyproof.finding
import data.keyproof.log

result := finding.of(rego.metadata.chain(), {
	"applicable": count(_policies) > 0,
	"evaluated": log.known,
	"faults": _faults,
	"observed": {"policies": count(_policies)},
})

default _policies := {}

_policies := input.log.policies if is_object(input.log.policies)

_faults contains digest if {
	some digest, policy in _policies
	not policy.kept
}
