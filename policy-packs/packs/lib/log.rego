# METADATA
# title: The log under judgement
# description: >-
#   What the sealed log says of itself: what was found at sealing, what was set aside, which heads cover what. It is read where the whole
#   log is, not in the stream.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
package keyproof.log

import data.keyproof.parameters

# Of a part nobody can say what is missing.
default known := false

known if is_number(input.log.first)

# When such a thing was last found at sealing.
found(kind) := object.get(_found, [kind, "last"], null)

default _found := {}

_found := input.log.found if is_object(input.log.found)

# What is out of order for a moment is no fault.
default settled(_) := false

settled(moment) if input.time.epoch - moment > parameters.tolerances.openMinutes * 60

# A source's records from one of them on.
from(source, broken) := concat(" ", [source, "from", format_int(broken.from, 10)])
