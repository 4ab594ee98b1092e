package keyproof.compliance_test

import data.keyproof.compliance
import data.keyproof.fixture
import data.keyproof.rules

_all := names if {
	names := {concat("/", [subject, rule]) | rules[subject][rule].result} with input as fixture.input_of(fixture.key)
}

# Of a key in use, what is about its end, and about what did not happen to it, does not apply.
_not_applicable := {
	"custody/exceptions_current",
	"lifecycle/compromise_acted_on",
	"lifecycle/destroyed_everywhere",
	"lifecycle/destruction_overdue",
	"lifecycle/destruction_waited",
	"lifecycle/no_use_after_destruction",
	"lifecycle/pre_active_overdue",
	"lifecycle/suspended_too_long",
	"rotation/back_out_left",
	"rotation/re_wrap_in_time",
	"rotation/retired_too_early",
}

test_no_rule_fails_a_sound_key if {
	answers := {r.rule: r.status | some r in compliance.results} with input as fixture.input_of(fixture.key)
	{rule | some rule, status in answers; status == "NOT-APPLICABLE"} == _not_applicable
	{status | some status in answers} == {"PASS", "NOT-APPLICABLE"}
}

test_every_rule_answers_whatever_comes if {
	every strange in [{}, {"key": null}, {"key": 3}, {"key": {}}, {"time": null, "key": fixture.key}, {"key": fixture.key, "history": 3}, null, []] {
		{r.rule | some r in compliance.results} == _all with input as strange
	}
}
