# METADATA
# title: A compromise is acted on
# description: >-
#   For a key that others may know it is on the record why, and its destruction is ordered within the days that
#   policy allows.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: high
#   remediation: >-
#     Create a new key, protect again what this one protected, order its destruction, and record the reason.
#   subject: key
#   reads:
#     history.changes.MarkCompromised: "event: outcomes of MarkCompromised, with unmapped.keyproof.detail.reason"
#     history.states: "event: resources[0].data.state of every change"
#     key.destroys: "event: resources[0].data of every change"
#     key.state: "event: resources[0].data of every change"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.7.5", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: nist-800-57, version: "pt1r5", id: "5.5", source: "NIST SP 800-57 Part 1 Rev. 5", date: "2020-05"}
package keyproof.rules.lifecycle.compromise_acted_on

import data.keyproof.finding
import data.keyproof.history
import data.keyproof.parameters
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": _evaluated,
	"faults": _faults,
	"observed": {
		"since": history.since,
		"reasonStated": _reason_stated,
		"destroys": subject.field("destroys"),
		"allowedDays": parameters.tolerances.compromisedDays,
	},
})

default _applicable := false

_applicable if input.key.state == "compromised"

default _evaluated := false

_evaluated if is_number(history.since)

default _reason_stated := false

_reason_stated if trim_space(history.done("MarkCompromised").detail.reason) != ""

_faults contains "no-reason" if not _reason_stated

_faults contains "left" if {
	not is_string(subject.field("destroys"))
	history.age(history.since) > parameters.tolerances.compromisedDays * 86400
}
