# METADATA
# title: The account under judgement
# description: >-
#   What the record remembers of a caller, within the days that policy counts as one person's. What it did under an elevation is not
#   among it, and what the broker does of itself is nobody's.
# schemas:
#   - input: schema["compliance-input"]
#   - data.keyproof.parameters: schema.parameters
package keyproof.account

import data.keyproof.calendar
import data.keyproof.parameters

default known := false

known if is_number(input.account.first)

default own := false

own if input.account.roles.scheduler

default judged := false

judged if not known

judged if {
	not own
	count(roles) > 0
}

default within(_, _) := false

within(moment, days) if input.time.epoch - moment <= days * 86400

default ended := null

# When it ended; by the last of several entries, for who comes back may leave again.
ended := max({calendar.epoch(entry.since) |
	some entry in parameters.endedAccounts
	entry.id == input.account.id
})

roles contains role if {
	some role, seen in input.account.roles
	within(seen.last, parameters.tolerances.separationDays)
}

# Asking for an approval changes nothing.
managed contains operation if {
	some operation, done in input.account.done
	operation != "RequestApproval"
	_managing[parameters.operations[operation].effect]
	within(done.last, parameters.tolerances.separationDays)
}

used contains operation if {
	some operation, done in input.account.done
	parameters.operations[operation].effect in {"protect", "process"}
	within(done.last, parameters.tolerances.separationDays)
}

default manages(_) := false

manages(role) if {
	some operation in parameters.roles[role]
	operation != "RequestApproval"
	_managing[parameters.operations[operation].effect]
}

_managing := {"create", "manage", "renew", "destroy", "enrol", "export", "hold"}
