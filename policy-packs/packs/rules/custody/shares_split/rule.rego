# METADATA
# title: Each share of the root has a custodian of its own
# description: >-
#   In the latest ceremony no person got two shares of the root, under whatever name, and more than one
#   is needed to put it together.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: critical
#   remediation: >-
#     Hold another ceremony with a custodian for each share.
#   subject: installation
#   reads:
#     installation.ceremonies: "event: RecordCeremony, with unmapped.keyproof.detail.transcript"
#     installation.first: "event: time of every event of a broker that is no use of a key"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.7.6", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: pci-dss, version: "4.0.1", id: "3.6.1.3", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: nist-800-53, version: "r5", id: "AC-3(2)", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
package keyproof.rules.custody.shares_split

import data.keyproof.finding
import data.keyproof.installation
import data.keyproof.person

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": installation.known,
	"faults": _faults,
	"observed": {"ceremony": installation.ceremony},
})

default _applicable := false

_applicable if not installation.known

_applicable if is_object(installation.ceremony)

_faults contains "one-holds-several" if {
	people := {person.of(id) | some id in installation.ceremony.custodians}
	count(people) < installation.ceremony.shares
}

_faults contains "one-is-enough" if installation.ceremony.threshold < 2
