# METADATA
# title: The key's history
# description: >-
#   What the record remembers of the key under judgement, so that what was never told is null. It is folded from the key's events;
#   times are seconds since 1970.
# schemas:
#   - input: schema["compliance-input"]
package keyproof.history

# What is remembered of a life begins with its creation, or may lack what came before: then nobody can say what never happened.
default known := false

known if is_object(done("CreateKey"))

default _changes := {}

_changes := input.history.changes

# The last time that such a change was made.
done(operation) := object.get(_changes, [operation, "done"], null)

# The last time that such a change was tried and not made, though it was permitted.
failed(operation) := object.get(_changes, [operation, "failed"], null)

# Of what has no history nobody knows.
default may_have(_) := false

may_have(_) if not known

may_have(operation) if done(operation) != null

# When the key came into the state that it is in.
default since := null

since := input.history.states[input.key.state].since

default last_use := null

last_use := max({use.last | some use in input.history.uses})

age(seconds) := input.time.epoch - seconds
