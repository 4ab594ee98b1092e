package keyproof.exceptions_test

import data.keyproof.exceptions
import data.keyproof.fixture
import data.keyproof.rules.lifecycle.suspended_too_long

_now := 1795478400

_given(granted) := object.union(fixture.in_state("suspended", 1787702399), {"history": {"exceptions": granted}})

_granted(until) := {"rule": "lifecycle/suspended_too_long", "since": 1795000000, "until": until, "approval": "01A"}

test_what_fails_by_leave_fails_and_says_so if {
	result := suspended_too_long.result with input as _given({"court": _granted(_now + 1)})
	result.status == "FAIL"
	result.evidence.exception == {"name": "court", "until": _now + 1, "approval": "01A"}
}

test_an_exception_ends if {
	result := suspended_too_long.result with input as _given({"court": _granted(_now)})
	not result.evidence.exception
	exceptions.expired == {"court"} with input as _given({"court": _granted(_now)})
}

test_what_was_withdrawn_is_none if {
	withdrawn := object.union(_granted(_now + 1), {"withdrawn": _now})
	result := suspended_too_long.result with input as _given({"court": withdrawn})
	result.status == "FAIL"
	not result.evidence.exception
	exceptions.expired == set() with input as _given({"court": object.union(_granted(_now), {"withdrawn": _now})})
}

test_the_longest_counts if {
	both := {"a": _granted(_now + 9), "b": _granted(_now + 5)}
	exceptions.in_force("lifecycle/suspended_too_long").name == "a" with input as _given(both)
}

test_another_rule_is_not_excepted if {
	not exceptions.in_force("lifecycle/dormant") with input as _given({"court": _granted(_now + 1)})
}

test_what_passes_needs_no_leave if {
	given := object.union(
		fixture.in_state("suspended", 1787702400),
		{"history": {"exceptions": {"court": _granted(_now + 1)}}},
	)
	result := suspended_too_long.result with input as given
	result.status == "PASS"
	not result.evidence.exception
}

test_where_nothing_was_granted_nothing_is_in_force if {
	exceptions.how_many == 0 with input as fixture.input_of(fixture.key)
	exceptions.how_many == 1 with input as _given({"court": _granted(_now)})
}
