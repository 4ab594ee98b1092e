# METADATA
# title: Protects nothing out of its time
# description: >-
#   No use that protects something new began while the key was in a state in which it may not, leaving aside the
#   moment that brokers take to hear of the change.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: critical
#   remediation: >-
#     Find the uses by the operation that is named, protect again what they protected with a key in use, and find
#     out why they were not refused.
#   subject: key
#   reads:
#     history.uses: "event: outcomes of every use"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.7.5", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: nist-800-57, version: "pt1r5", id: "7", source: "NIST SP 800-57 Part 1 Rev. 5", date: "2020-05"}
#     - {framework: keyproof-device, version: "1", id: "used-after-deactivation", source: "Keyproof, what the device itself demands", date: "2026-11"}
package keyproof.rules.lifecycle.no_protection_after_end

import data.keyproof.finding
import data.keyproof.history
import data.keyproof.parameters

result := finding.of(rego.metadata.chain(), {
	"applicable": true,
	"evaluated": history.known,
	"faults": _faults,
	"observed": {
		"graceSeconds": parameters.tolerances.graceSeconds,
	},
})

_faults contains concat("-while-", [use.operation, use.state]) if {
	some use in input.history.uses
	use.after > parameters.tolerances.graceSeconds
	not use.state in {"", "destroyed"}
	operation := parameters.operations[use.operation]
	operation.effect == "protect"
	not use.state in operation.states
	_out_of_its_time(use, operation)
}

# Where the key can come back, the outcome of that may be on the record after the first use: policy knew the state.
_out_of_its_time(use, operation) if not use.decided in operation.states

_out_of_its_time(use, operation) if {
	every state in parameters.transitions[use.state] {
		not state in operation.states
	}
}
