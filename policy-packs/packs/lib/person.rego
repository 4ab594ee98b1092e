# METADATA
# title: Who is who
# description: Whoever calls and approves under several names is one person.
# schemas:
#   - data.keyproof.parameters: schema.parameters
package keyproof.person

import data.keyproof.parameters

of(id) := name if {
	some name, ids in parameters.persons
	id in ids
} else := id
