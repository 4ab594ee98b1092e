# METADATA
# title: Calendar
# description: >-
#   Seconds since 1970 of an RFC 3339 time in UTC, by arithmetic alone: what policy runs in has no clock and no
#   calendar, and what is given in the input is the same when a decision is made again.
package keyproof.calendar

epoch(text) := seconds if {
	endswith(text, "Z")
	substring(text, 10, 1) == "T"
	date := _numbers(substring(text, 0, 10), "-")
	clock := _numbers(substring(text, 11, 8), ":")
	seconds := (((days(date[0], date[1], date[2]) * 86400) + (clock[0] * 3600)) + (clock[1] * 60)) + clock[2]
}

# Days since 1970-01-01 in the Gregorian calendar; years begin in March here, so that the leap day is the last.
days(year, month, day) := result if {
	y := year - _before_march(month)
	m := (month + 9) % 12
	leaps := (floor(y / 4) - floor(y / 100)) + floor(y / 400)
	result := ((((y * 365) + leaps) + floor(((153 * m) + 2) / 5)) + (day - 1)) - 719468
}

_before_march(month) := 1 if {
	month < 3
} else := 0

# Three numbers, or nothing. By hand, because compiling a regular expression takes longer than all the rest of a rule.
_numbers(text, separator) := [first, second, third] if {
	[a, b, c] := split(text, separator)
	first := to_number(a)
	second := to_number(b)
	third := to_number(c)
}
