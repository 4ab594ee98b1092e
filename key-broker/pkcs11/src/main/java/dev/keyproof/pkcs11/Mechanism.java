package dev.keyproof.pkcs11;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A mechanism and its parameters, which all are plain numbers here.
 *
 * @param type the CKM number
 * @param parameters the CK_ULONG fields of its parameter structure, none for most
 */
record Mechanism(long type, Parameters parameters) {

    /** CK_RSA_PKCS_PSS_PARAMS, or nothing. */
    sealed interface Parameters {}

    /** No parameters. */
    record None() implements Parameters {}

    /** CK_RSA_PKCS_PSS_PARAMS. */
    record Pss(long hash, long mgf, long saltLength) implements Parameters {}

    static Mechanism of(long type) {
        return new Mechanism(type, new None());
    }

    MemorySegment in(Arena arena) {
        MemorySegment mechanism = arena.allocate(24, 8);
        mechanism.set(JAVA_LONG, 0, type);
        switch (parameters) {
            case None none -> {
                mechanism.set(ADDRESS, 8, MemorySegment.NULL);
                mechanism.set(JAVA_LONG, 16, 0);
            }
            case Pss pss -> {
                mechanism.set(ADDRESS, 8, arena.allocateFrom(JAVA_LONG, pss.hash, pss.mgf, pss.saltLength));
                mechanism.set(JAVA_LONG, 16, 24);
            }
        }
        return mechanism;
    }
}
