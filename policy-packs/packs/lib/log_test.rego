package keyproof.log_test

import data.keyproof.log

test_what_was_never_found_is_null if {
	log.found("continuity-conflict") == null with input as {"log": {"first": 1}}
	log.found("continuity-conflict") == null with input as {"log": {"found": {}}}
	log.found("continuity-conflict") == 7 with input as {"log": {"found": {"continuity-conflict": {"last": 7}}}}
}

test_a_moment_passes if {
	log.settled(0) with input as {"time": {"epoch": 901}}
	not log.settled(1) with input as {"time": {"epoch": 901}}
	not log.settled(null) with input as {"time": {"epoch": 901}}
}

test_a_part_is_not_known if {
	not log.known with input as {"log": {"id": "log"}}
	not log.known with input as {}
}
