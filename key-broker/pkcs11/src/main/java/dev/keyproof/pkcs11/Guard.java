package dev.keyproof.pkcs11;

import java.util.EnumSet;
import java.util.Set;

/** What a token can be made to refuse to one who has its PIN. Whether it does is found by trying, never by what it says. */
public enum Guard {
    /** {@code CKA_MODIFIABLE=false}: nobody changes the key's attributes. */
    NOT_MODIFIABLE("keep keys from being changed"),
    /** {@code CKA_COPYABLE=false}: nobody copies the key into one that may do more. */
    NOT_COPYABLE("keep keys from being copied into ones that may do more"),
    /** {@code CKA_ALLOWED_MECHANISMS}: nobody uses the key in another mode. */
    ALLOWED_MECHANISMS("bind keys to their mechanisms"),
    /** {@code CKA_UNWRAP_TEMPLATE}: nobody unwraps a key as one that can be read or may do more. */
    UNWRAP_TEMPLATE("fix what a wrapping key unwraps");

    /** What a resident key needs; a wrapped one needs all. */
    static final Set<Guard> RESIDENT = Set.of(NOT_MODIFIABLE, NOT_COPYABLE, ALLOWED_MECHANISMS);

    private final String does;

    Guard(String does) {
        this.does = does;
    }

    /** As {@link #require}, for keys of that kind. */
    static void requireFor(KeySpec spec, Set<Guard> needed, Set<Guard> there, Set<Guard> waived)
            throws TokenException.Unsupported {
        require(needed, there, waived);
        if (spec == KeySpec.AES_256_CTR) {
            // Without it a key for GCM and one for counter mode are the same, which nobody can waive.
            require(Set.of(ALLOWED_MECHANISMS), there, Set.of());
        }
    }

    /** Refuses a token without the guards, unless its owner has waived them. */
    static void require(Set<Guard> needed, Set<Guard> there, Set<Guard> waived) throws TokenException.Unsupported {
        EnumSet<Guard> missing = EnumSet.copyOf(needed);
        missing.removeAll(there);
        missing.removeAll(waived);
        if (!missing.isEmpty()) {
            Guard first = missing.iterator().next();
            throw new TokenException.Unsupported("The token does not " + first.does + " (" + first
                    + "); such keys are not made in it unless its configuration waives that.");
        }
    }
}
