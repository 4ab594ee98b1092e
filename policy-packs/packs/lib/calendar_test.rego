package keyproof.calendar_test

import data.keyproof.calendar

test_known_moments if {
	every text, seconds in {
		"1970-01-01T00:00:00Z": 0,
		"2000-02-29T23:59:59Z": 951868799,
		"2000-03-01T00:00:00Z": 951868800,
		"2024-02-29T12:00:00.123456Z": 1709208000,
		"2026-11-24T00:00:00Z": 1795478400,
		"2100-03-01T00:00:00Z": 4107542400,
	} {
		calendar.epoch(text) == seconds
	}
}

test_only_utc if {
	not calendar.epoch("2026-11-24T00:00:00+01:00")
	not calendar.epoch("2026-11-24 00:00:00Z")
	not calendar.epoch("2026-11-2xT00:00:00Z")
	not calendar.epoch("2026/11/24T00:00:00Z")
	not calendar.epoch("yesterday")
}
