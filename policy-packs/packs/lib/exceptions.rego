# METADATA
# title: Exceptions
# description: Which rules the key under judgement may fail for a time, as a quorum approved it.
# schemas:
#   - input: schema["compliance-input"]
package keyproof.exceptions

default _granted := {}

_granted := input.history.exceptions if is_object(input.history.exceptions)

_standing[name] := granted if {
	some name, granted in _granted
	not granted.withdrawn
}

# The exception from a rule that is in force; of several the one that lasts longest.
in_force(rule) := {"name": name, "until": until, "approval": _standing[name].approval} if {
	current := {[granted.until, name] |
		some name, granted in _standing
		granted.rule == rule
		granted.until > input.time.epoch
	}
	[until, name] := max(current)
}

# Those whose time is over, and that nobody withdrew.
expired contains name if {
	some name, granted in _standing
	granted.until <= input.time.epoch
}

how_many := count(_granted)
