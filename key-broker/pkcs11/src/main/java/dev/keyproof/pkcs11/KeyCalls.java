package dev.keyproof.pkcs11;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The calls of a module that use a key, each in one part. Native memory that held a caller's data is overwritten. */
final class KeyCalls {
    private static final MethodHandle JPJ = Cryptoki.function(JAVA_LONG, ADDRESS, JAVA_LONG);
    private static final MethodHandle JPJPP = Cryptoki.function(JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);
    private static final MethodHandle JPJJPP =
            Cryptoki.function(JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS);
    private static final MethodHandle JPJPJPJP =
            Cryptoki.function(JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);

    private static final int ENCRYPT = 29;
    private static final int DECRYPT = 33;
    private static final int SIGN = 42;
    private static final int WRAP = 60;
    private static final int UNWRAP = 61;

    private KeyCalls() {}

    /** Signs, or computes a MAC. */
    static byte[] sign(Cryptoki cryptoki, long session, Mechanism mechanism, long key, byte[] data)
            throws TokenException {
        return inOnePart(cryptoki, "C_Sign", SIGN, session, mechanism, key, data, 1024);
    }

    static byte[] encrypt(Cryptoki cryptoki, long session, Mechanism mechanism, long key, byte[] plaintext)
            throws TokenException {
        return inOnePart(cryptoki, "C_Encrypt", ENCRYPT, session, mechanism, key, plaintext, plaintext.length + 64);
    }

    static byte[] decrypt(Cryptoki cryptoki, long session, Mechanism mechanism, long key, byte[] ciphertext)
            throws TokenException {
        return inOnePart(cryptoki, "C_Decrypt", DECRYPT, session, mechanism, key, ciphertext, ciphertext.length + 64);
    }

    /** What is begun by the function at {@code init} is done by the one after it. */
    private static byte[] inOnePart(
            Cryptoki cryptoki,
            String name,
            int init,
            long session,
            Mechanism mechanism,
            long key,
            byte[] data,
            int room)
            throws TokenException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment begin = cryptoki.function(init);
            MemorySegment end = cryptoki.function(init + 1);
            MemorySegment how = mechanism.in(arena);
            // Some modules refuse a null pointer even for no data.
            MemorySegment input = arena.allocate(Math.max(1, data.length));
            MemorySegment.copy(data, 0, input, JAVA_BYTE, 0, data.length);
            MemorySegment output = arena.allocate(room);
            MemorySegment length = arena.allocateFrom(JAVA_LONG, room);
            try {
                Cryptoki.check(name + "Init", () -> (long) JPJ.invokeExact(begin, session, how, key));
                Cryptoki.check(
                        name, () -> (long) JPJPP.invokeExact(end, session, input, (long) data.length, output, length));
                return output.asSlice(0, length.get(JAVA_LONG, 0)).toArray(JAVA_BYTE);
            } finally {
                input.fill((byte) 0);
                output.fill((byte) 0);
            }
        }
    }

    static byte[] wrap(Cryptoki cryptoki, long session, long mechanism, long wrappingKey, long key)
            throws TokenException {
        return wrap(cryptoki, session, Mechanism.of(mechanism), wrappingKey, key);
    }

    static byte[] wrap(Cryptoki cryptoki, long session, Mechanism mechanism, long wrappingKey, long key)
            throws TokenException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment how = mechanism.in(arena);
            int room = 8192;
            MemorySegment output = arena.allocate(room);
            MemorySegment length = arena.allocateFrom(JAVA_LONG, room);
            Cryptoki.check("C_WrapKey", () ->
                    (long) JPJJPP.invokeExact(cryptoki.function(WRAP), session, how, wrappingKey, key, output, length));
            return output.asSlice(0, length.get(JAVA_LONG, 0)).toArray(JAVA_BYTE);
        }
    }

    static long unwrap(
            Cryptoki cryptoki, long session, long mechanism, long unwrappingKey, byte[] wrapped, Template template)
            throws TokenException {
        return unwrap(cryptoki, session, Mechanism.of(mechanism), unwrappingKey, wrapped, template);
    }

    /** The handle of the new object, which belongs to the session unless the template says otherwise. */
    static long unwrap(
            Cryptoki cryptoki, long session, Mechanism mechanism, long unwrappingKey, byte[] wrapped, Template template)
            throws TokenException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment how = mechanism.in(arena);
            MemorySegment input = arena.allocateFrom(JAVA_BYTE, wrapped);
            MemorySegment attributes = template.in(arena);
            MemorySegment out = arena.allocate(JAVA_LONG);
            Cryptoki.check("C_UnwrapKey", () -> (long) JPJPJPJP.invokeExact(
                    cryptoki.function(UNWRAP),
                    session,
                    how,
                    unwrappingKey,
                    input,
                    (long) wrapped.length,
                    attributes,
                    template.size(),
                    out));
            return out.get(JAVA_LONG, 0);
        }
    }
}
