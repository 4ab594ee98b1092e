# METADATA
# title: A rotation taken back is made good
# description: >-
#   A key whose rotation was taken back is rotated again within the days that policy allows; until then an old
#   version protects.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: medium
#   remediation: >-
#     Repair what the rotation was taken back for, and rotate the key.
#   subject: key
#   reads:
#     history.changes.BackOutRotation: "event: outcomes of BackOutRotation"
#     history.changes.RotateKey: "event: outcomes of RotateKey"
#     key.state: "event: resources[0].data of every change"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.7.4", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: nist-800-57, version: "pt1r5", id: "5.3", source: "NIST SP 800-57 Part 1 Rev. 5", date: "2020-05"}
package keyproof.rules.rotation.back_out_left

import data.keyproof.finding
import data.keyproof.history
import data.keyproof.parameters
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": history.known,
	"faults": _faults,
	"observed": {
		"backedOut": _backed_out,
		"allowedDays": parameters.tolerances.backedOutDays,
	},
})

default _applicable := false

_applicable if {
	subject.in_use
	history.may_have("BackOutRotation")
}

default _backed_out := null

_backed_out := history.done("BackOutRotation").time

_faults contains "left" if {
	history.age(_backed_out) > parameters.tolerances.backedOutDays * 86400
	not history.done("RotateKey").time > _backed_out
}
