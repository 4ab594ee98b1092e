# METADATA
# title: The key under judgement
# description: Reads the key's state so that what is missing is null and never undefined.
# schemas:
#   - input: schema["compliance-input"]
package keyproof.subject

default known := false

known if is_string(input.key.id)

default exists := false

exists if {
	known
	input.key.state != "destroyed"
}

default in_use := false

in_use if input.key.state in {"pre-active", "active", "suspended"}

field(name) := object.get(_key, name, null)

default _key := {}

_key := input.key if is_object(input.key)

attribute(name) := object.get(_attributes, name, null)

attributes(names) := {name: attribute(name) | some name in names}

default _attributes := {}

_attributes := input.key.attributes if is_object(input.key.attributes)

# Whether the device answered each of these with yes or no.
answered(names) if {
	every name in names {
		is_boolean(attribute(name))
	}
} else := false
