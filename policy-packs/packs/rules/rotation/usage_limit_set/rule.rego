# METADATA
# title: Its uses are limited where its algorithm wears out
# description: >-
#   A key of an algorithm that bears only so many uses has a usage limit, and not above what the algorithm bears.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: medium
#   remediation: >-
#     Rotate the key within what its algorithm bears, and create its successor with a usage limit.
#   subject: key
#   reads:
#     key.algorithm: "event: resources[0].data of every change"
#     key.state: "event: resources[0].data of every change"
#     key.usageLimit: "event: resources[0].data of every change"
#   controls:
#     - {framework: nist-800-38d, version: "2007", id: "8.3", source: "NIST SP 800-38D", date: "2007-11"}
#     - {framework: nist-800-57, version: "pt1r5", id: "5.3", source: "NIST SP 800-57 Part 1 Rev. 5", date: "2020-05"}
package keyproof.rules.rotation.usage_limit_set

import data.keyproof.finding
import data.keyproof.parameters
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": subject.known,
	"faults": _faults,
	"observed": {
		"limit": subject.field("usageLimit"),
		"most": _most,
	},
})

default _applicable := false

_applicable if {
	subject.in_use
	_most
}

default _most := false

_most := parameters.usageLimits[input.key.algorithm]

_faults contains "no-limit" if not is_number(subject.field("usageLimit"))

_faults contains "limit-too-high" if input.key.usageLimit > _most
