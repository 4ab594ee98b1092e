# METADATA
# title: Says who may call it
# description: >-
#   A key that protects what is sensitive names its callers, so that a role alone does not open it.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: medium
#   remediation: >-
#     Name the callers in the key's tag, as policy reads it.
#   subject: key
#   reads:
#     key.sensitivity: "event: resources[0].data of every change"
#     key.tags.callers: "event: resources[0].data of every change"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.6.1", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: hipaa, version: "2013", id: "164.312(a)(2)(iv)", source: "45 CFR Part 164, Subpart C", date: "2013-01"}
package keyproof.rules.custody.callers_named

import data.keyproof.finding
import data.keyproof.sensitivity
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": sensitivity.asks("callers"),
	"evaluated": _evaluated,
	"faults": _faults,
	"observed": {
		"sensitivity": subject.field("sensitivity"),
		"callers": _callers,
	},
})

default _evaluated := false

_evaluated if is_object(input.key.tags)

default _callers := null

_callers := input.key.tags.callers

_faults contains "no-callers" if not _named

_named if trim_space(_callers) != ""
