package dev.keyproof.panels;

import java.time.Duration;

/** The width of a histogram's bar: the narrowest that keeps a range at 120 bars or fewer. */
enum TimeInterval {
    SECOND("1s", Duration.ofSeconds(1)),
    FIVE_SECONDS("5s", Duration.ofSeconds(5)),
    HALF_MINUTE("30s", Duration.ofSeconds(30)),
    MINUTE("1m", Duration.ofMinutes(1)),
    FIVE_MINUTES("5m", Duration.ofMinutes(5)),
    HALF_HOUR("30m", Duration.ofMinutes(30)),
    HOUR("1h", Duration.ofHours(1)),
    HALF_DAY("12h", Duration.ofHours(12)),
    DAY("1d", Duration.ofDays(1)),
    WEEK("7d", Duration.ofDays(7));

    private static final int MOST_BARS = 120;

    private final String expression;
    private final Duration width;

    TimeInterval(String expression, Duration width) {
        this.expression = expression;
        this.width = width;
    }

    String expression() {
        return expression;
    }

    static TimeInterval forRange(long millis) {
        for (TimeInterval interval : values()) {
            if (millis / interval.width.toMillis() <= MOST_BARS) {
                return interval;
            }
        }
        return WEEK;
    }
}
