package dev.keyproof.pkcs11;

import java.time.Instant;

/**
 * What became of a token of a group.
 *
 * @param token its label
 * @param kind what happened
 * @param reason why, in one line
 * @param at when it was noticed
 */
public record TokenEvent(String token, Kind kind, String reason, Instant at) {
    /** What can happen to a token. */
    public enum Kind {
        /** It does not serve any more; the others do. */
        FAILED,
        /** It serves again, with the same root. */
        RECOVERED
    }

    /** Who wants to know. Called on the thread that noticed, so it must not take long, nor use the group. */
    @FunctionalInterface
    public interface Listener {
        /** Told once for each change. */
        void happened(TokenEvent event);
    }
}
