# METADATA
# title: Says when it is rotated
# description: >-
#   A key in use has a rotation period, so that its end is known from the beginning.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: low
#   remediation: >-
#     Set a rotation period within the cryptoperiod of the key's purpose.
#   subject: key
#   reads:
#     key.rotationPeriodDays: "event: resources[0].data of every change"
#     key.state: "event: resources[0].data of every change"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.7.4", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: nist-800-57, version: "pt1r5", id: "5.3", source: "NIST SP 800-57 Part 1 Rev. 5", date: "2020-05"}
package keyproof.rules.rotation.period_declared

import data.keyproof.finding
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": subject.in_use,
	"evaluated": subject.known,
	"faults": _faults,
	"observed": {
		"declaredDays": subject.field("rotationPeriodDays"),
	},
})

_faults contains "no-period" if not is_number(subject.field("rotationPeriodDays"))
