# METADATA
# title: A broken glass is reviewed in time
# description: >-
#   Each elevation that was taken without others' approval was reviewed within the hours that policy
#   allows, and none was forgotten before it was.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: high
#   remediation: >-
#     Have it reviewed by somebody else than its holder.
#   subject: installation
#   reads:
#     installation.elevations: "event: outcomes of BreakGlass and ReviewElevation"
#     installation.first: "event: time of every event of a broker that is no use of a key"
#     installation.forgottenGlasses: "event: outcomes of BreakGlass, more at once than are remembered"
#   controls:
#     - {framework: hipaa, version: "2013", id: "164.308(a)(1)(ii)(D)", source: "45 CFR Part 164, Subpart C", date: "2013-01"}
#     - {framework: iso-27001, version: "2022", id: "A.8.16", source: "ISO/IEC 27001:2022, Annex A", date: "2022-10"}
#     - {framework: nist-800-53, version: "r5", id: "CA-7", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
package keyproof.rules.quorum.glass_reviewed

import data.keyproof.finding
import data.keyproof.installation
import data.keyproof.parameters

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": installation.known,
	"faults": _faults,
	"observed": {
		"broken": count(installation.glasses),
		"allowedHours": parameters.elevation.breakGlass.reviewHours,
	},
})

default _applicable := false

_applicable if not installation.known

_applicable if count(installation.glasses) > 0

_faults contains id if {
	some id, glass in installation.glasses
	object.get(glass, "reviewed", input.time.epoch) - glass.began > parameters.elevation.breakGlass.reviewHours * 3600
	_counts(glass)
}

_applicable if _forgotten

_forgotten if input.installation.forgottenGlasses > 0

_faults contains "forgotten" if _forgotten

# One that was reviewed late is a fault for a while, one that was not is until it is.
_counts(glass) if not glass.reviewed

_counts(glass) if installation.recent(glass.began)
