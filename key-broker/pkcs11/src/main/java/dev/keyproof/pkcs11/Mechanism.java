package dev.keyproof.pkcs11;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A mechanism and its parameters.
 *
 * @param type the CKM number
 * @param parameters its parameter structure, none for most
 */
record Mechanism(long type, Parameters parameters) {

    /** What its parameter structure holds. */
    sealed interface Parameters {}

    /** No parameters. */
    record None() implements Parameters {}

    /** CK_RSA_PKCS_PSS_PARAMS. */
    record Pss(long hash, long mgf, long saltLength) implements Parameters {}

    /** CK_GCM_PARAMS with a tag of 128 bits. */
    record Gcm(byte[] iv, byte[] aad) implements Parameters {}

    /** CK_RSA_PKCS_OAEP_PARAMS without a label. */
    record Oaep(long hash, long mgf) implements Parameters {}

    /** CK_AES_CTR_PARAMS: the whole block counts, from this one on. */
    record Ctr(byte[] block) implements Parameters {}

    /** A bare initialisation vector, as CBC takes it. */
    record Iv(byte[] iv) implements Parameters {}

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
            case Oaep oaep -> {
                // CKZ_DATA_SPECIFIED, and no data.
                mechanism.set(ADDRESS, 8, arena.allocateFrom(JAVA_LONG, oaep.hash, oaep.mgf, 1, 0, 0));
                mechanism.set(JAVA_LONG, 16, 40);
            }
            case Iv bare -> {
                mechanism.set(ADDRESS, 8, arena.allocateFrom(JAVA_BYTE, bare.iv));
                mechanism.set(JAVA_LONG, 16, bare.iv.length);
            }
            case Ctr ctr -> {
                MemorySegment fields = arena.allocate(24, 8);
                fields.set(JAVA_LONG, 0, 128);
                MemorySegment.copy(ctr.block, 0, fields, JAVA_BYTE, 8, ctr.block.length);
                mechanism.set(ADDRESS, 8, fields);
                mechanism.set(JAVA_LONG, 16, 24);
            }
            case Gcm gcm -> {
                MemorySegment fields = arena.allocate(48, 8);
                fields.set(ADDRESS, 0, arena.allocateFrom(JAVA_BYTE, gcm.iv));
                fields.set(JAVA_LONG, 8, gcm.iv.length);
                fields.set(JAVA_LONG, 16, 8L * gcm.iv.length);
                fields.set(
                        ADDRESS, 24, gcm.aad.length == 0 ? MemorySegment.NULL : arena.allocateFrom(JAVA_BYTE, gcm.aad));
                fields.set(JAVA_LONG, 32, gcm.aad.length);
                fields.set(JAVA_LONG, 40, 128);
                mechanism.set(ADDRESS, 8, fields);
                mechanism.set(JAVA_LONG, 16, 48);
            }
        }
        return mechanism;
    }
}
