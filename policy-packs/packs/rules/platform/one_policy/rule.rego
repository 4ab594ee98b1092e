# METADATA
# title: All brokers decide by one policy
# description: >-
#   Every broker that did not stop, and was heard of within the days that policy looks back, decides by the
#   policy and data that came last, or these came a few minutes ago.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: high
#   remediation: >-
#     Put the policy in place at the brokers that are named, or stop them.
#   subject: installation
#   reads:
#     installation.brokers: "event: StartBroker and ChangePolicy, with unmapped.keyproof.detail.policy and .data, and StopBroker, by metadata.source"
#     installation.first: "event: time of every event of a broker that is no use of a key"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "CM-3(6)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: nist-800-53, version: "r5", id: "CA-7", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
package keyproof.rules.platform.one_policy

import data.keyproof.finding
import data.keyproof.installation
import data.keyproof.parameters

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": installation.known,
	"faults": _faults,
	"observed": {
		"brokers": count(_running),
		"newestSince": _newest,
	},
})

default _applicable := false

_applicable if not installation.known

_applicable if count(_running) > 1

_running[source] := broker if {
	some source, broker in input.installation.brokers
	is_string(broker.policy)
	installation.recent(broker.last)
}

default _newest := null

_newest := max({broker.since | some broker in _running})

_in_force contains [broker.policy, broker.data] if {
	some broker in _running
	broker.since == _newest
}

_faults contains source if {
	some source, broker in _running
	not [broker.policy, broker.data] in _in_force
	input.time.epoch - _newest > parameters.tolerances.openMinutes * 60
}
