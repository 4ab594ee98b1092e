# METADATA
# title: Its records are kept as long as they must be
# description: >-
#   Sealed records of every kind are kept, and kept at hand, at least as long as each framework demands that binds the
#   organisation.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: medium
#   remediation: >-
#     Lengthen the retention class of the events that are named, before a year's log ends that is still needed.
#   subject: key
#   reads:
#     key.id: "event: resources[0].data of every change"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "10.5.1", source: PCI DSS 4.0.1, date: "2024-06"}
#     - {framework: nist-800-53, version: "r5", id: "AU-11", source: "NIST SP 800-53 Rev. 5", date: "2020-09"}
#     - {framework: hipaa, version: "2013", id: "164.316(b)(2)(i)", source: "45 CFR Part 164, Subpart C", date: "2013-01"}
#     - {framework: finra-4511, version: "2011", id: "4511", source: "FINRA Rule 4511", date: "2011-12"}
#     - {framework: iso-27001, version: "2022", id: "A.5.33", source: "ISO/IEC 27001:2022, Annex A", date: "2022-10"}
package keyproof.rules.retention.period

import data.keyproof.finding
import data.keyproof.parameters
import data.keyproof.subject

result := finding.of(rego.metadata.chain(), {
	"applicable": true,
	"evaluated": subject.known,
	"faults": _faults,
	"observed": {"frameworks": parameters.retention.frameworks},
})

_faults contains concat(":", [framework, "unknown"]) if {
	some framework in parameters.retention.frameworks
	not parameters.retention.demands[framework]
}

_faults contains concat(":", [framework, kind]) if {
	some framework in parameters.retention.frameworks
	demand := parameters.retention.demands[framework]
	some kind in demand.events
	not _met(demand, kind)
}

_met(demand, kind) if {
	class := parameters.retention.classes[kind]
	class.months >= demand.months
	class.atHandMonths >= demand.atHandMonths
}
