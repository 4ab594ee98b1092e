package keyproof.compliance_test

import data.keyproof.compliance
import data.keyproof.fixture
import data.keyproof.judging
import data.keyproof.rules

_judging(subject) := {concat("/", [folder, rule]) |
	some folder, names in judging.rules[subject]
	some rule in names
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

test_each_rule_judges_one_thing if {
	judged := {concat("/", [folder, rule]) | rules[folder][rule].result} with input as fixture.input_of(fixture.key)
	union({_judging(subject) | some subject, _ in judging.rules}) == judged
	sum([count(_judging(subject)) | some subject, _ in judging.rules]) == count(judged)
}

test_every_rule_answers_whatever_comes if {
	every strange in [{}, {"key": null}, {"key": 3}, {"key": {}}, {"time": null, "key": fixture.key}, {"key": fixture.key, "history": 3}, null, []] {
		{r.rule | some r in compliance.results} == _judging("key") with input as strange
	}
	every subject in ["account", "installation", "log", "token"] {
		every strange in [{}, {subject: null}, {subject: 3}, {subject: {}}, {subject: {"first": 0}}, {subject: {"first": 0}, "time": null}] {
			given := object.union(strange, {"subject": subject})
			{r.rule | some r in compliance.results} == _judging(subject) with input as given
		}
	}
}

test_nothing_judges_what_nobody_knows if {
	compliance.results == set() with input as {"subject": "moon"}
}

test_no_rule_fails_what_is_sound if {
	every given in [fixture.account_input, fixture.installation_input, fixture.log_input, fixture.token_input] {
		statuses := {r.status | some r in compliance.results} with input as given
		"PASS" in statuses
		statuses - {"PASS", "NOT-APPLICABLE"} == set()
	}
}
