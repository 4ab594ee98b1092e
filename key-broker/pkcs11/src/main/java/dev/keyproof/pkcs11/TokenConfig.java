package dev.keyproof.pkcs11;

import java.nio.file.Path;
import java.util.Set;

/**
 * Which token to open and how.
 *
 * @param module the PKCS#11 library, such as {@code /usr/lib/softhsm/libsofthsm2.so}
 * @param label the token's label, 1 to 32 bytes of UTF-8
 * @param pin the user PIN
 * @param shards how many private copies of the module file to load, each with a lock of its own, so that as many threads
 *     sign at once; 0 loads the file in place, for modules that must not be copied
 * @param parameters what the module wants to be told when it is initialised, empty for nothing; NSS softokn wants
 *     {@code configdir='sql:FOLDER' ...}
 * @param waived guards that keys of this token may go without where it lacks them
 * @param root where the KEKs of its replicated keys come from
 */
public record TokenConfig(
        Path module, String label, PinSource pin, int shards, String parameters, Set<Guard> waived, Root root) {
    /** Two: one for each core of a small machine; more help only with more cores. */
    public static final int DEFAULT_SHARDS = 2;

    /** Refuses an empty label and a number of shards below 0 or above 64. */
    public TokenConfig {
        if (label.isBlank()) {
            throw new IllegalArgumentException("The token's label is empty.");
        }
        if (shards < 0 || shards > 64) {
            throw new IllegalArgumentException("The number of shards is " + shards + ", not from 0 to 64.");
        }
        waived = Set.copyOf(waived);
    }

    /** With the usual number of shards. */
    public TokenConfig(Path module, String label, PinSource pin) {
        this(module, label, pin, DEFAULT_SHARDS);
    }

    /** For a module that wants no parameters and has every guard. */
    public TokenConfig(Path module, String label, PinSource pin, int shards) {
        this(module, label, pin, shards, "", Set.of(), Root.BORN);
    }

    /** The same by one copy of the module. */
    TokenConfig alone() {
        return new TokenConfig(module, label, pin, 1, parameters, waived, root);
    }

    /** The same, of a token that a {@link GroupRoot} was imported into. */
    public TokenConfig inGroup() {
        return new TokenConfig(module, label, pin, shards, parameters, waived, Root.IMPORTED);
    }
}
