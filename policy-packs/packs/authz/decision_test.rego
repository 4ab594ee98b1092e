package keyproof.authz_test

import data.keyproof.authz

test_nothing_is_denied if {
	not authz.decision.allow with input as {}
}
