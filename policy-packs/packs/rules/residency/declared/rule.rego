# METADATA
# title: Says where what it protects may be
# description: >-
#   A key that protects what is sensitive states where that may be, where its class asks for it.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: medium
#   remediation: >-
#     State the residency of what the key protects.
#   subject: key
#   reads:
#     key.residency: "event: resources[0].data of every change"
#     key.sensitivity: "event: resources[0].data of every change"
#   controls:
#     - {framework: iso-27001, version: "2022", id: "A.5.31", source: "ISO/IEC 27001:2022, Annex A", date: "2022-10"}
package keyproof.rules.residency.declared

import data.keyproof.finding
import data.keyproof.sensitivity
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": sensitivity.asks("residency"),
	"evaluated": subject.known,
	"faults": _faults,
	"observed": {
		"sensitivity": subject.field("sensitivity"),
		"residency": subject.field("residency"),
	},
})

_faults contains "no-residency" if not _stated

_stated if trim_space(input.key.residency) != ""
