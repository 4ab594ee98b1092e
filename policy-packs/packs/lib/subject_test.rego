package keyproof.subject_test

import data.keyproof.subject

test_in_use_until_its_end if {
	every state in ["pre-active", "active", "suspended"] {
		subject.in_use with input as {"key": {"state": state}}
	}
}

test_not_in_use_from_its_end_on if {
	every state in ["deactivated", "compromised", "destroyed", "odd"] {
		not subject.in_use with input as {"key": {"state": state}}
	}
}
