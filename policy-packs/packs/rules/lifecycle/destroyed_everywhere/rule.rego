# METADATA
# title: Nothing of a destroyed key is left
# description: >-
#   After the destruction the device no longer held any version of the key, and no wrapped copy was kept.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: high
#   remediation: >-
#     Destroy what is left in the device, erase the wrapped copies and the backups that hold them, and record the
#     proof.
#   subject: key
#   reads:
#     history.changes.DestroyKey: "read-back: unmapped.keyproof.detail.proof of the outcome of DestroyKey, as the device answered"
#     key.state: "event: resources[0].data of every change"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.7.5", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: nist-800-57, version: "pt1r5", id: "8.4", source: "NIST SP 800-57 Part 1 Rev. 5", date: "2020-05"}
#     - {framework: iso-27001, version: "2022", id: "A.8.24", source: "ISO/IEC 27001:2022, Annex A", date: "2022-10"}
package keyproof.rules.lifecycle.destroyed_everywhere

import data.keyproof.finding
import data.keyproof.history

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": _evaluated,
	"faults": _faults,
	"observed": {
		"proof": _proof,
	},
})

default _applicable := false

_applicable if input.key.state == "destroyed"

default _evaluated := false

_evaluated if {
	is_boolean(_proof.inDevice)
	is_boolean(_proof.wrappedKept)
}

default _proof := null

_proof := history.done("DestroyKey").detail.proof

_faults contains "in-device" if _proof.inDevice

_faults contains "wrapped-kept" if _proof.wrappedKept
