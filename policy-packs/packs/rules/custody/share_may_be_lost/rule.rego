# METADATA
# title: A share or a token of the root may be lost
# description: >-
#   In the latest ceremony the root got more shares than put it together, and stands in more than one
#   token.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: high
#   remediation: >-
#     Hold another ceremony with a share and a token to spare.
#   subject: installation
#   reads:
#     installation.ceremonies: "event: RecordCeremony, with unmapped.keyproof.detail.transcript"
#     installation.first: "event: time of every event of a broker that is no use of a key"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "SC-12(1)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: nist-800-57, version: "pt1r5", id: "5.5", source: "NIST SP 800-57 Part 1 Rev. 5", date: "2020-05"}
package keyproof.rules.custody.share_may_be_lost

import data.keyproof.finding
import data.keyproof.installation

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": installation.known,
	"faults": _faults,
	"observed": {"ceremony": installation.ceremony},
})

default _applicable := false

_applicable if not installation.known

_applicable if is_object(installation.ceremony)

_faults contains "no-spare-share" if installation.ceremony.shares <= installation.ceremony.threshold

_faults contains "no-spare-token" if installation.ceremony.tokens < 2
