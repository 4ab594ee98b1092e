# METADATA
# title: Its last rotation succeeded
# description: >-
#   No attempt to rotate the key has failed since it was last rotated.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: medium
#   remediation: >-
#     Read why the attempt failed, repair the cause, and rotate the key.
#   subject: key
#   reads:
#     history.changes.RotateKey: "event: outcomes of RotateKey, with status_id and status_code"
#     key.state: "event: resources[0].data of every change"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.7.4", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: nist-800-57, version: "pt1r5", id: "5.3", source: "NIST SP 800-57 Part 1 Rev. 5", date: "2020-05"}
package keyproof.rules.rotation.last_attempt_failed

import data.keyproof.finding
import data.keyproof.history
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": subject.in_use,
	"evaluated": history.known,
	"faults": _faults,
	"observed": {
		"failed": _failed,
		"rotated": _rotated,
	},
})

_failed := history.failed("RotateKey")

default _rotated := 0

_rotated := history.done("RotateKey").time

_faults contains "failed" if _failed.time > _rotated
