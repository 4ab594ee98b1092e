# METADATA
# title: Is this sound
# description: Every result of the rules that judge what is asked about, one per rule; a key where the input does not say.
# schemas:
#   - input: schema["compliance-input"]
package keyproof.compliance

import data.keyproof.judging

# METADATA
# entrypoint: true
results contains result if {
	some subject, names in judging.rules[_asked]
	some rule in names
	result := data.keyproof.rules[subject][rule].result
}

default _asked := "key"

_asked := input.subject
