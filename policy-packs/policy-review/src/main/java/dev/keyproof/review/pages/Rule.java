package dev.keyproof.review.pages;

import java.util.List;
import java.util.SortedMap;

/**
 * A rule as its metadata tells it.
 *
 * @param name {@code SUBJECT/RULE}, as findings name it
 * @param judges what it is about, such as a key
 * @param reads where each field that it reads stands in the record, by the field
 * @param file its source in the packs
 */
record Rule(
        String name,
        String title,
        String description,
        String severity,
        String remediation,
        String judges,
        SortedMap<String, String> reads,
        List<Named> controls,
        String file) {
    /**
     * A control that it answers, for a part at least.
     *
     * @param framework name of the framework
     * @param source the text that asks for it
     * @param date of that text
     */
    record Named(String framework, String version, String id, String source, String date) {}

    Rule {
        controls = List.copyOf(controls);
    }

    String subject() {
        return name.substring(0, name.indexOf('/'));
    }
}
