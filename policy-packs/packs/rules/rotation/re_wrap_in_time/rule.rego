# METADATA
# title: Data keys followed their rotated key in time
# description: >-
#   After a key that wraps data keys was rotated, or its rotation taken back, every data key followed it and the
#   other versions were retired within the hours that policy allows.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: medium
#   remediation: >-
#     See which data keys are left behind and why they cannot be moved, and move them; the versions are retired by
#     themselves then.
#   subject: key
#   reads:
#     history.changes.BackOutRotation: "event: outcomes of BackOutRotation"
#     history.changes.RetireVersion: "event: outcomes of RetireVersion"
#     history.changes.RotateKey: "event: outcomes of RotateKey"
#     key.purpose: "event: resources[0].data of every change"
#     key.state: "event: resources[0].data of every change"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.7.4", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: pci-dss, version: "4.0.1", id: "3.7.5", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: nist-800-57, version: "pt1r5", id: "5.3", source: "NIST SP 800-57 Part 1 Rev. 5", date: "2020-05"}
package keyproof.rules.rotation.re_wrap_in_time

import data.keyproof.finding
import data.keyproof.history
import data.keyproof.parameters
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": history.known,
	"faults": _faults,
	"observed": {
		"moves": _moved,
		"retired": _retired,
		"allowedHours": parameters.reWrap.hours,
	},
})

default _applicable := false

_applicable if {
	subject.in_use
	input.key.purpose == "wrap"
	some operation in _orders
	history.may_have(operation)
}

# What orders data keys to follow.
_orders := ["RotateKey", "BackOutRotation"]

default _moved := null

_moved := max({history.done(operation).time | some operation in _orders})

default _retired := 0

_retired := history.done("RetireVersion").time

_faults contains "late" if {
	_retired < _moved
	history.age(_moved) > parameters.reWrap.hours * 3600
}
