# METADATA
# title: Is of no use once destroyed
# description: >-
#   No use of the key succeeded after it was destroyed, leaving aside the moment that brokers take to hear of it.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: critical
#   remediation: >-
#     Treat the destruction as failed: find where the key still is, destroy it there, and find out who used it.
#   subject: key
#   reads:
#     history.uses: "event: outcomes of every use"
#     key.state: "event: resources[0].data of every change"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.7.5", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: nist-800-57, version: "pt1r5", id: "8.4", source: "NIST SP 800-57 Part 1 Rev. 5", date: "2020-05"}
package keyproof.rules.lifecycle.no_use_after_destruction

import data.keyproof.finding
import data.keyproof.history
import data.keyproof.parameters

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": history.known,
	"faults": _faults,
	"observed": {
		"graceSeconds": parameters.tolerances.graceSeconds,
	},
})

default _applicable := false

_applicable if input.key.state == "destroyed"

_faults contains concat("-after-", [use.operation, use.state]) if {
	some use in input.history.uses
	use.state == "destroyed"
	use.after > parameters.tolerances.graceSeconds
}
