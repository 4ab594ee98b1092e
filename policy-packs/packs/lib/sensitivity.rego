# METADATA
# title: What the class of a key asks for
# description: Looks up what the organisation asks of keys that protect what is as sensitive as this one says.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
package keyproof.sensitivity

import data.keyproof.parameters

default asks(_) := false

asks(what) if {
	input.key.state != "destroyed"
	parameters.sensitivity.classes[input.key.sensitivity][what]
}
