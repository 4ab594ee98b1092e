# METADATA
# title: Works for one environment
# description: >-
#   A key that protects what is sensitive is bound to one environment, where its class asks for it, so that a test
#   cannot use what production protects.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: low
#   remediation: >-
#     Bind the key to its environment.
#   subject: key
#   reads:
#     key.scope.environment: "event: resources[0].data of every change"
#     key.sensitivity: "event: resources[0].data of every change"
#   controls:
#     - {framework: iso-27001, version: "2022", id: "A.8.24", source: "ISO/IEC 27001:2022, Annex A", date: "2022-10"}
#     - {framework: nist-800-53, version: "r5", id: "SC-12", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
package keyproof.rules.residency.scope_bound

import data.keyproof.finding
import data.keyproof.sensitivity
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": sensitivity.asks("environment"),
	"evaluated": subject.known,
	"faults": _faults,
	"observed": {
		"sensitivity": subject.field("sensitivity"),
		"scope": subject.field("scope"),
	},
})

_faults contains "no-environment" if not _bound

_bound if trim_space(input.key.scope.environment) != ""
