# METADATA
# title: The installation under judgement
# description: What the record remembers of the brokers of one installation, and whether that still counts.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
package keyproof.installation

import data.keyproof.parameters

default known := false

known if is_number(input.installation.first)

default recent(_) := false

recent(moment) if input.time.epoch - moment <= parameters.tolerances.lookBackDays * 86400

# When the brokers last told of such a thing.
told(operation) := object.get(_told, [operation, "last"], null)

default _told := {}

_told := input.installation.told if is_object(input.installation.told)

glasses[id] := elevation if {
	some id, elevation in input.installation.elevations
	elevation.glass
}

default ceremony := null

# The latest: the root of an earlier one is no root any more.
ceremony := held if {
	some held in input.installation.ceremonies
	held.time == max({each.time | some each in input.installation.ceremonies})
}
