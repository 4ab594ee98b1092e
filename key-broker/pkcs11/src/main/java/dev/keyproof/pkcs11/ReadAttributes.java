package dev.keyproof.pkcs11;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** C_GetAttributeValue: asked once for the lengths, and again for the values. */
final class ReadAttributes {
    private static final MethodHandle JJPJ = Cryptoki.function(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);
    private static final int GET_ATTRIBUTE_VALUE = 24;
    private static final long SIZE = Template.ATTRIBUTE_BYTES;

    private ReadAttributes() {}

    static Map<Long, byte[]> values(Cryptoki cryptoki, long session, long object, long... types) throws TokenException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment array = array(arena, types);
            read(cryptoki, session, object, array);
            makeRoom(arena, array);
            read(cryptoki, session, object, array);
            Map<Long, byte[]> values = new HashMap<>();
            for (long at = 0; at < array.byteSize(); at += SIZE) {
                if (shown(array, at)) {
                    values.put(array.get(JAVA_LONG, at), value(array, at));
                }
            }
            return values;
        }
    }

    static Map<Long, ByteBuffer> template(Cryptoki cryptoki, long session, long object, long type)
            throws TokenException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment array = array(arena, type);
            read(cryptoki, session, object, array);
            if (!shown(array, 0) || array.get(JAVA_LONG, 16) < SIZE) {
                return Map.of();
            }
            long length = array.get(JAVA_LONG, 16);
            MemorySegment inner = arena.allocate(length, 8);
            array.set(ADDRESS, 8, inner);
            // Types and lengths first, for which the inner pointers are null; then the values.
            read(cryptoki, session, object, array);
            makeRoom(arena, inner);
            array.set(JAVA_LONG, 16, length);
            read(cryptoki, session, object, array);
            Map<Long, ByteBuffer> values = new HashMap<>();
            for (long at = 0; at < length; at += SIZE) {
                values.put(inner.get(JAVA_LONG, at), ByteBuffer.wrap(value(inner, at)));
            }
            return values;
        }
    }

    private static MemorySegment array(Arena arena, long... types) {
        MemorySegment array = arena.allocate(SIZE * types.length, 8);
        for (int i = 0; i < types.length; i++) {
            array.set(JAVA_LONG, i * SIZE, types[i]);
        }
        return array;
    }

    private static void makeRoom(Arena arena, MemorySegment array) {
        for (long at = 0; at < array.byteSize(); at += SIZE) {
            if (shown(array, at)) {
                array.set(ADDRESS, at + 8, arena.allocate(Math.max(1, array.get(JAVA_LONG, at + 16)), 8));
            }
        }
    }

    private static boolean shown(MemorySegment array, long at) {
        return array.get(JAVA_LONG, at + 16) != Ck.UNAVAILABLE;
    }

    private static byte[] value(MemorySegment array, long at) {
        return array.get(ADDRESS, at + 8)
                .reinterpret(array.get(JAVA_LONG, at + 16))
                .toArray(JAVA_BYTE);
    }

    private static void read(Cryptoki cryptoki, long session, long object, MemorySegment array) throws TokenException {
        MemorySegment function = cryptoki.function(GET_ATTRIBUTE_VALUE);
        long count = array.byteSize() / SIZE;
        try {
            Cryptoki.check(
                    "C_GetAttributeValue", () -> (long) JJPJ.invokeExact(function, session, object, array, count));
        } catch (TokenException.DeviceError e) {
            // The others are filled in all the same; what is missing is marked in its length.
            if (e.code() != Ckr.ATTRIBUTE_SENSITIVE && e.code() != Ckr.ATTRIBUTE_TYPE_INVALID) {
                throw e;
            }
        }
    }
}
