# METADATA
# title: Which rules judge what
# description: By subject of the judgement, then by folder. The lint holds it against what the rules say of themselves.
package keyproof.judging

rules := {
	"key": {
		"custody": {"callers_named", "class_declared", "exceptions_current", "one_home", "resident_where_asked"},
		"device": {"attributes_kept"},
		"inventory": {"accountability"},
		"lifecycle": {"compromise_acted_on", "cryptoperiod", "destroyed_everywhere", "destruction_overdue", "destruction_waited", "dormant", "legal_transitions", "no_protection_after_end", "no_use_after_destruction", "pre_active_overdue", "suspended_too_long"},
		"material": {"confinement", "immutability", "strength"},
		"residency": {"declared", "scope_bound"},
		"retention": {"period"},
		"rotation": {"back_out_left", "last_attempt_failed", "period_declared", "re_wrap_in_time", "retired_too_early", "usage_limit_near", "usage_limit_set"},
		"strength": {"algorithm_fits_purpose", "born_by_recorded_step", "strength_ends_soon"},
		"usage": {"single_purpose"},
	},
	"account": {
		"separation": {"administrator_uses_keys", "auditor_changes_nothing", "conflicting_roles", "dormant_account", "repeated_refusals"},
	},
	"installation": {
		"custody": {"share_may_be_lost", "shares_split"},
		"device": {"approvers_founded", "elevations_founded", "state_not_older"},
		"logging": {"intent_completed", "journal_never_full"},
		"platform": {"notices_reach", "one_policy", "policy_accepted", "policy_decides"},
		"quorum": {"approval_used_once", "approvers_enough", "enrolment_approved", "glass_reviewed", "glass_seldom", "in_time", "kill_switch_released", "met"},
		"separation": {"asked_and_approved", "glass_reviewed_by_another"},
	},
	"log": {
		"logging": {"content_complete", "heads_cover", "nothing_set_aside", "one_record_per_place", "policy_on_record", "records_whole", "undisputed"},
	},
	"token": {
		"device": {"adopted_once", "not_tampered", "serves"},
	},
}
