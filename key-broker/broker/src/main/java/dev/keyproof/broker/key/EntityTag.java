package dev.keyproof.broker.key;

import java.util.Arrays;

/** The tag (RFC 9110, 8.8.3) of a key as it is: it changes with each change, and never comes back. */
public final class EntityTag {
    private EntityTag() {}

    public static String of(long revision) {
        return "\"r" + revision + "\"";
    }

    /** Whether an If-Match header is met by a key at that revision, by the strong comparison. */
    public static boolean met(String header, long revision) {
        String tag = of(revision);
        return Arrays.stream(header.split(",", -1))
                .map(String::strip)
                .anyMatch(one -> one.equals("*") || one.equals(tag));
    }
}
