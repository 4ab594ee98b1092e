# METADATA
# title: No exception outlives its time
# description: >-
#   An exception from a rule that was granted for the key has not run out: when its time is over it is withdrawn, or granted
#   anew by a quorum.
# schemas:
#   - input: schema["compliance-input"]
# custom:
#   severity: medium
#   remediation: >-
#     Meet the rule and withdraw the exception, or ask a quorum to grant it anew.
#   subject: key
#   reads:
#     history.exceptions: "event: outcomes of GrantException and WithdrawException, with unmapped.keyproof.detail"
#     key.state: "event: resources[0].data of every change"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "CA-5", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: iso-27001, version: "2022", id: "A.8.24", source: "ISO/IEC 27001:2022, Annex A", date: "2022-10"}
package keyproof.rules.custody.exceptions_current

import data.keyproof.exceptions
import data.keyproof.finding
import data.keyproof.history

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": history.known,
	"faults": {concat("", ["expired:", name]) | some name in exceptions.expired},
	"observed": {"granted": exceptions.how_many},
})

default _applicable := false

_applicable if {
	exceptions.how_many > 0
	not _destroyed
}

_applicable if not history.known

# Of what is no more, nothing fails that could be excused.
_destroyed if input.key.state == "destroyed"
