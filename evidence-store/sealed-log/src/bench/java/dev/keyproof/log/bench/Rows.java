package dev.keyproof.log.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The rows that a run prints at its end. */
final class Rows {
    private final List<String> rows = new ArrayList<>();

    void add(String name, double value, String unit) {
        System.out.printf(Locale.ROOT, "%s: %,.2f %s%n", name, value, unit);
        rows.add(String.format(Locale.ROOT, "{\"name\":\"%s\",\"value\":%.2f,\"unit\":\"%s\"}", name, value, unit));
    }

    /** With what it is held against, in the same unit. */
    void add(String name, double value, String unit, String against, double other) {
        System.out.printf(Locale.ROOT, "%s: %,.2f %s, %s: %,.2f%n", name, value, unit, against, other);
        rows.add(String.format(
                Locale.ROOT,
                "{\"name\":\"%s\",\"value\":%.2f,\"unit\":\"%s\",\"against\":\"%s, %.0f %s\",\"ratio\":%.2f}",
                name,
                value,
                unit,
                against,
                other,
                unit,
                value / other));
    }

    @Override
    public String toString() {
        return "[" + String.join(",", rows) + "]";
    }
}
