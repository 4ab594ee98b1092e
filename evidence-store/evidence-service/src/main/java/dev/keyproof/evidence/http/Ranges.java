package dev.keyproof.evidence.http;

import com.sun.net.httpserver.Headers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which bytes are asked for, after RFC 9110: a single range, if its condition holds. */
final class Ranges {
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

    private Ranges() {}

    /** What is to be sent. */
    sealed interface Wanted permits Whole, Part, Beyond {}

    record Whole(long length) implements Wanted {}

    /** From {@code from} to {@code to}, exclusive. */
    record Part(long from, long to, long length) implements Wanted {
        String header() {
            return "bytes " + from + "-" + (to - 1) + "/" + length;
        }
    }

    /** Nothing: the range begins behind the end. */
    record Beyond(long length) implements Wanted {
        String header() {
            return "bytes */" + length;
        }
    }

    static Wanted whole(long length) {
        return new Whole(length);
    }

    /** Several ranges, and what is none, are answered with the whole, as RFC 9110 allows. */
    static Wanted of(Headers asked, String tag, long length) {
        String condition = asked.getFirst("If-Range");
        String range = asked.getFirst("Range");
        // A date as the condition never holds: files here have none.
        if (range == null || (condition != null && !condition.strip().equals(tag))) {
            return new Whole(length);
        }
        Matcher wanted = RANGE.matcher(range.strip());
        if (!wanted.matches() || (wanted.group(1).isEmpty() && wanted.group(2).isEmpty())) {
            return new Whole(length);
        }
        long from;
        long to = length;
        if (wanted.group(1).isEmpty()) {
            from = Math.max(0, length - Long.parseLong(wanted.group(2)));
        } else {
            from = Long.parseLong(wanted.group(1));
            if (!wanted.group(2).isEmpty()) {
                long last = Long.parseLong(wanted.group(2));
                if (last < from) {
                    return new Whole(length);
                }
                to = Math.min(last + 1, length);
            }
        }
        return from >= length ? new Beyond(length) : new Part(from, to, length);
    }
}
