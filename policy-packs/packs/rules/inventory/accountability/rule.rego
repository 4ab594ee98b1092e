# METADATA
# title: Somebody answers for it
# description: >-
#   The inventory names the key's owner, its purpose, where it is held and since when; also for a key that was
#   destroyed, whose record stays.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: low
#   remediation: >-
#     Record who owns the key and what it is for; a key for which nobody answers is deactivated.
#   subject: key
#   reads:
#     key.created: "event: resources[0].data of every change"
#     key.id: "event: resources[0].data of every change"
#     key.name: "event: resources[0].data of every change"
#     key.owner: "event: resources[0].data of every change"
#     key.provider: "event: resources[0].data of every change"
#     key.purpose: "event: resources[0].data of every change"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.6.1.1", source: PCI DSS 4.0.1, date: "2024-06"}
#     - {framework: nist-800-57, version: "pt1r5", id: "6.2.3", source: NIST SP 800-57 Part 1 Rev. 5, date: "2020-05"}
#     - {framework: nist-800-57, version: "pt1r5", id: "9.1", source: NIST SP 800-57 Part 1 Rev. 5, date: "2020-05"}
#     - {framework: iso-27001, version: "2022", id: "A.8.24", source: "ISO/IEC 27001:2022, Annex A", date: "2022-10"}
package keyproof.rules.inventory.accountability

import data.keyproof.finding
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": true,
	"evaluated": subject.known,
	"faults": _faults,
	"observed": {name: subject.field(name) | some name, _ in _required},
})

_required := {
	"name": "no-name",
	"owner": "no-owner",
	"purpose": "no-purpose",
	"provider": "no-provider",
	"created": "no-creation-time",
}

_faults contains fault if {
	some name, fault in _required
	not _stated(name)
}

_stated(name) if {
	is_string(input.key[name])
	trim_space(input.key[name]) != ""
}
