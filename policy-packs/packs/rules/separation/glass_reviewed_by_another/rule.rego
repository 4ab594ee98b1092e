# METADATA
# title: Nobody reviews the glass he broke
# description: >-
#   Each broken glass that was reviewed was so by somebody else than its holder, under whatever name.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: high
#   remediation: >-
#     Have it reviewed by another, and correct who is known under which names.
#   subject: installation
#   reads:
#     installation.elevations: "event: outcomes of BreakGlass and ReviewElevation"
#     installation.first: "event: time of every event of a broker that is no use of a key"
#   controls:
#     - {framework: nist-800-53, version: "r5", id: "AC-5", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: hipaa, version: "2013", id: "164.308(a)(1)(ii)(D)", source: "45 CFR Part 164, Subpart C", date: "2013-01"}
package keyproof.rules.separation.glass_reviewed_by_another

import data.keyproof.finding
import data.keyproof.installation
import data.keyproof.person

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": installation.known,
	"faults": _faults,
	"observed": {"reviewed": count(_reviewed)},
})

default _applicable := false

_applicable if not installation.known

_applicable if count(_reviewed) > 0

_reviewed[id] := glass if {
	some id, glass in installation.glasses
	is_string(glass.reviewer)
}

_faults contains id if {
	some id, glass in _reviewed
	person.of(glass.reviewer) == person.of(glass.holder)
}
