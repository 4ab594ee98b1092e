package dev.keyproof.review.history;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * A part of the past, by the events' own time.
 *
 * @param from the first millisecond since 1970 in it
 * @param to the first one after it
 */
public record Period(long from, long to) {
    /** All of it. */
    public static final Period ALL = new Period(Long.MIN_VALUE, Long.MAX_VALUE);

    public Period {
        if (from >= to) {
            throw new IllegalArgumentException("a period ends after it begins");
        }
    }

    /**
     * From a day, or a time, to the end of a day, or a time, in UTC; an empty text is no bound.
     *
     * @throws IllegalArgumentException if a text is neither a date nor a time of ISO 8601, or the end is before the beginning
     */
    public static Period of(String from, String to) {
        return new Period(from.isEmpty() ? ALL.from : millisecond(from, 0), to.isEmpty() ? ALL.to : millisecond(to, 1));
    }

    private static long millisecond(String text, int days) {
        try {
            return text.contains("T")
                    ? Instant.parse(text).toEpochMilli()
                    : LocalDate.parse(text)
                            .plusDays(days)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant()
                            .toEpochMilli();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is neither a date (2026-11-24) nor a time (2026-11-24T09:00:00Z)", e);
        }
    }

    boolean isOver(long time) {
        return time >= to;
    }

    boolean contains(long time) {
        return time >= from && time < to;
    }
}
