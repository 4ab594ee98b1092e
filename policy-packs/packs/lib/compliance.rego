# METADATA
# title: Is this key sound
# description: Every rule's result on one key, one per rule.
package keyproof.compliance

# METADATA
# entrypoint: true
results contains result if {
	some subject, rule
	result := data.keyproof.rules[subject][rule].result
}
