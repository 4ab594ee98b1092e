# METADATA
# title: No version was retired that data needs
# description: >-
#   When older versions of a key were retired, no registered data key stood under them any more.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: high
#   remediation: >-
#     Restore the retired versions from the backup, move the data keys that are left, and retire the versions
#     then.
#   subject: key
#   reads:
#     history.changes.RetireVersion: "event: outcomes of RetireVersion, with unmapped.keyproof.detail.elsewhere"
#   controls:
#     - {framework: nist-800-57, version: "pt1r5", id: "8.3", source: "NIST SP 800-57 Part 1 Rev. 5", date: "2020-05"}
#     - {framework: nist-800-53, version: "r5", id: "SC-12(1)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
package keyproof.rules.rotation.retired_too_early

import data.keyproof.finding
import data.keyproof.history

result := finding.of(rego.metadata.chain(), {
	"applicable": history.may_have("RetireVersion"),
	"evaluated": _evaluated,
	"faults": _faults,
	"observed": {
		"elsewhere": _elsewhere,
	},
})

default _evaluated := false

_evaluated if is_number(_elsewhere)

default _elsewhere := null

_elsewhere := history.done("RetireVersion").detail.elsewhere

_faults contains "data-keys-left" if _elsewhere > 0
