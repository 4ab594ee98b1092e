package keyproof.compliance_test

import data.keyproof.compliance
import data.keyproof.fixture

_all := {
	"inventory/accountability",
	"lifecycle/cryptoperiod",
	"material/confinement",
	"material/immutability",
	"material/strength",
	"retention/period",
	"usage/single_purpose",
}

test_every_rule_passes_a_sound_key if {
	{r.rule: r.status | some r in compliance.results} == {rule: "PASS" | some rule in _all} with input as fixture.input_of(fixture.key)
}

test_every_rule_answers_whatever_comes if {
	every strange in [{}, {"key": null}, {"key": 3}, {"key": {}}, {"time": null, "key": fixture.key}, null, []] {
		{r.rule | some r in compliance.results} == _all with input as strange
	}
}
