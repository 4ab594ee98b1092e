package dev.keyproof.log;

import java.util.Optional;

/**
 * Whether the system keeps sealed segments from being changed (the flag that {@code chattr +i} sets).
 *
 * @param asked true if the log sets it
 * @param whole segments that have all their entries, all of them under a signed head
 * @param immutable those of them that carry the flag
 * @param trouble why it cannot be set or read
 */
public record Immutability(boolean asked, long whole, long immutable, Optional<String> trouble) {
    /** What was asked for is so. */
    public boolean asAsked() {
        return !asked || (trouble.isEmpty() && whole == immutable);
    }
}
