# METADATA
# title: A token was taken as it is once
# description: >-
#   What the token held before was taken as ordered once, when it came; ever since each object has a
#   birth on the record.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
# custom:
#   severity: high
#   remediation: >-
#     Find out who made the broker forget the token, and compare what it holds with the record of births.
#   subject: token
#   reads:
#     token.adoptions: "event: metadata.uid of service events AdoptDeviceObjects"
#     token.first: "event: service events with unmapped.keyproof.detail.token"
#   controls:
#     - {framework: pci-dss, version: "4.0.1", id: "3.7.7", source: "PCI DSS 4.0.1", date: "2024-06"}
#     - {framework: nist-800-57, version: "pt1r5", id: "8.1", source: "NIST SP 800-57 Part 1 Rev. 5", date: "2020-05"}
package keyproof.rules.device.adopted_once

import data.keyproof.finding

result := finding.of(rego.metadata.chain(), {
	"applicable": _applicable,
	"evaluated": _known,
	"faults": _faults,
	"observed": {"adopted": _adopted},
})

default _known := false

_known if is_number(input.token.first)

default _applicable := false

_applicable if not _known

_applicable if _adopted > 0

default _adopted := 0

_adopted := count(input.token.adoptions)

_faults contains "again" if _adopted > 1
