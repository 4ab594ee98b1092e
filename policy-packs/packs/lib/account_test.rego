package keyproof.account_test

import data.keyproof.account
import data.keyproof.parameters

test_a_role_manages_by_each_effect_that_is_no_use if {
	every effect in ["create", "manage", "renew", "destroy", "enrol", "export", "hold"] {
		account.manages("r") with parameters.roles as {"r": ["X"]} with parameters.operations as {"X": {"effect": effect}}
	}
	every effect in ["protect", "process", "read", "service"] {
		not account.manages("r") with parameters.roles as {"r": ["X"]} with parameters.operations as {"X": {"effect": effect}}
	}
}
