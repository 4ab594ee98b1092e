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
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "10.5.1", source: PCI DSS 4.0.1, date: "2024-06"}
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
