package dev.keyproof.evidence.remote;

import java.time.Instant;
import java.util.List;

/**
 * What a probe of the bucket found.
 *
 * @param allowed what was allowed and must not be; empty unless it pretends
 */
record Probed(Verdict verdict, Instant at, List<String> allowed) {
    Probed {
        allowed = List.copyOf(allowed);
    }

    /** Whether the lock holds. */
    enum Verdict {
        /** Everything forbidden was refused to credentials that may delete what is not locked. */
        ENFORCED("enforced"),
        /** Something forbidden was done. */
        PRETENDED("pretended"),
        /** Everything was refused, but to credentials that may delete nothing at all. */
        UNTESTED("untested");

        private final String word;

        Verdict(String word) {
            this.word = word;
        }

        /** For programs. */
        String word() {
            return word;
        }
    }

    /** What was found, as the end of a sentence about the bucket. */
    String sentence() {
        return switch (verdict) {
            case ENFORCED -> "its server refused to delete a locked version, to shorten its retention and to lift it";
            case PRETENDED -> "its lock is a pretence, for its server allowed " + String.join(", ", allowed);
            case UNTESTED ->
                "its server refused everything, but our credentials may delete nothing at all there, so that this says"
                        + " nothing of the lock";
        };
    }
}
