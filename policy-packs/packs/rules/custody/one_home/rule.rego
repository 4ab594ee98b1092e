# METADATA
# title: Has one home all its life
# description: >-
#   The key was never told to be held by another provider than the one that holds it.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: medium
#   remediation: >-
#     Find out how the key came to the provider that is named, and destroy it there.
#   subject: key
#   reads:
#     history.providers: "event: resources[0].data.provider of every change"
#     key.provider: "event: resources[0].data of every change"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.6.1.4", source: "PCI DSS 4.0.1", date: "2024-06"}
package keyproof.rules.custody.one_home

import data.keyproof.finding
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": subject.exists,
	"evaluated": _evaluated,
	"faults": _faults,
	"observed": {
		"provider": subject.field("provider"),
		"providers": _providers,
	},
})

default _evaluated := false

_evaluated if {
	is_string(input.key.provider)
	is_array(_providers)
}

default _providers := null

_providers := sort(input.history.providers)

_faults contains concat("-", ["also-in", provider]) if {
	some provider in _providers
	provider != input.key.provider
}
