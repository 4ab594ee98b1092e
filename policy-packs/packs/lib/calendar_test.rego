package keyproof.calendar_test

import data.keyproof.calendar

test_known_moments if {
	every text, seconds in {
		"1970-01-01T00:00:00Z": 0,
		"2000-02-29T23:59:59Z": 951868799,
		"2000-03-01T00:00:00Z": 951868800,
		"2024-02-29T12:00:00.123456Z": 1709208000,
		"2026-11-24T00:00:00Z": 1795478400,
		"2026-11-24T12:34:56Z": 1795523696,
		"2100-03-01T00:00:00Z": 4107542400,
	} {
		calendar.epoch(text) == seconds
	}
}

# In a year of 365 days and in one of 366.
test_every_month_begins_after_the_one_before if {
	first := {2026: 20454, 2028: 21184}
	lengths := {
		2026: [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31],
		2028: [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31],
	}
	every year, days in lengths {
		every month in numbers.range(1, 12) {
			calendar.days(year, month, 1) == first[year] + sum(array.slice(days, 0, month - 1))
			calendar.days(year, month, days[month - 1]) == (first[year] + sum(array.slice(days, 0, month))) - 1
		}
	}
}

test_only_utc if {
	not calendar.epoch("2026-11-24T00:00:00+01:00")
	not calendar.epoch("2026-11-24 00:00:00Z")
	not calendar.epoch("2026-11-2xT00:00:00Z")
	not calendar.epoch("2026/11/24T00:00:00Z")
	not calendar.epoch("yesterday")
}
