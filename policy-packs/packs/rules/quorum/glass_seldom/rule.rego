# METADATA
# title: The glass is seldom broken
# description: >-
#   Within the days that policy looks back the glass was broken no more often than it allows.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: medium
#   remediation: >-
#     Find out what people need so often, and let policy give it to them by approval.
#   subject: installation
#   reads:
#     installation.elevations: "event: outcomes of BreakGlass and ReviewElevation"
#     installation.first: "event: time of every event of a broker that is no use of a key"
#   controls:
#     - {framework: iso-27001, version: "2022", id: "A.8.16", source: "ISO/IEC 27001:2022, Annex A", date: "2022-10"}
#     - {framework: nist-800-53, version: "r5", id: "CA-7", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
package keyproof.rules.quorum.glass_seldom

import data.keyproof.finding
import data.keyproof.installation
import data.keyproof.parameters

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": installation.known,
	"faults": _faults,
	"observed": {
		"broken": _recent,
		"allowed": parameters.tolerances.brokenGlasses,
	},
})

default _applicable := false

_applicable if not installation.known

_applicable if count(installation.glasses) > 0

_recent := count([id | some id, glass in installation.glasses; installation.recent(glass.began)])

_faults contains "too-often" if _recent > parameters.tolerances.brokenGlasses
