# METADATA
# title: Its algorithm serves its purpose
# description: >-
#   The key's algorithm is one that policy knows, and serves the purpose that the key was made for.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: medium
#   remediation: >-
#     Create a key of an algorithm that serves the purpose, move its callers to it, and deactivate this one.
#   subject: key
#   reads:
#     key.algorithm: "event: resources[0].data of every change"
#     key.purpose: "event: resources[0].data of every change"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.6.1.1", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: nist-800-53, version: "r5", id: "SC-13", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: fedramp, version: "rev5", id: "SC-13", source: "FedRAMP Rev. 5 baselines", date: "2023-05"}
#     - {framework: nist-800-131a, version: "r2", id: "algorithms", source: "NIST SP 800-131A Rev. 2", date: "2019-03"}
package keyproof.rules.strength.algorithm_fits_purpose

import data.keyproof.finding
import data.keyproof.parameters
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": subject.exists,
	"evaluated": _evaluated,
	"faults": _faults,
	"observed": {
		"algorithm": subject.field("algorithm"),
		"purpose": subject.field("purpose"),
	},
})

default _evaluated := false

_evaluated if {
	is_string(input.key.algorithm)
	is_string(input.key.purpose)
}

_faults contains "algorithm-unknown" if not parameters.algorithms[input.key.algorithm]

_faults contains "purpose-not-served" if {
	algorithm := parameters.algorithms[input.key.algorithm]
	not input.key.purpose in algorithm.purposes
}
