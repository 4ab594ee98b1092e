package dev.keyproof.log.journal;

import java.security.SecureRandom;
import java.time.Clock;

/** A time-ordered random name: 48 bits of milliseconds and 80 of chance, in Crockford's base 32. */
final class Ulid {
    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int TIME_DIGITS = 10;
    private static final int RANDOM_DIGITS = 16;

    private Ulid() {}

    static String make(Clock clock, SecureRandom random) {
        StringBuilder ulid = new StringBuilder();
        long millis = clock.millis();
        for (int i = TIME_DIGITS - 1; i >= 0; i--) {
            ulid.append(DIGITS.charAt((int) ((millis >>> (5 * i)) & 31)));
        }
        for (int i = 0; i < RANDOM_DIGITS; i++) {
            ulid.append(DIGITS.charAt(random.nextInt(32)));
        }
        return ulid.toString();
    }
}
