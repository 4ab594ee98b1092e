package dev.keyproof.pkcs11;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A list of attributes in the order given, which matters to tokens: what forbids later change comes last. */
final class Template {
    /** CK_ATTRIBUTE on 64-bit Linux: type, pointer, length. */
    static final long ATTRIBUTE_BYTES = 24;

    private record Attribute(long type, ByteBuffer value) {}

    private final List<Attribute> attributes = new ArrayList<>();
    private final Map<Long, Template> nested = new HashMap<>();

    Template flag(long type, boolean value) {
        return bytes(type, new byte[] {(byte) (value ? 1 : 0)});
    }

    Template number(long type, long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.nativeOrder());
        for (long value : values) {
            bytes.putLong(value);
        }
        return bytes(type, bytes.array());
    }

    Template text(long type, String value) {
        return bytes(type, value.getBytes(StandardCharsets.UTF_8));
    }

    Template bytes(long type, byte[] value) {
        attributes.add(new Attribute(type, ByteBuffer.wrap(value.clone())));
        return this;
    }

    /** An attribute whose value is a template itself. */
    Template template(long type, Template inner) {
        nested.put(type, inner);
        return bytes(type, new byte[0]);
    }

    /** Its attributes by type. */
    Map<Long, ByteBuffer> values() {
        return attributes.stream().collect(Collectors.toMap(Attribute::type, Attribute::value));
    }

    long size() {
        return attributes.size();
    }

    MemorySegment in(Arena arena) {
        if (attributes.isEmpty()) {
            return MemorySegment.NULL;
        }
        MemorySegment array = arena.allocate(ATTRIBUTE_BYTES * attributes.size(), 8);
        for (int i = 0; i < attributes.size(); i++) {
            Attribute attribute = attributes.get(i);
            Template inner = nested.get(attribute.type);
            if (inner != null) {
                array.set(JAVA_LONG, i * ATTRIBUTE_BYTES, attribute.type);
                array.set(ADDRESS, i * ATTRIBUTE_BYTES + 8, inner.in(arena));
                array.set(JAVA_LONG, i * ATTRIBUTE_BYTES + 16, ATTRIBUTE_BYTES * inner.size());
                continue;
            }
            MemorySegment value = arena.allocate(Math.max(1, attribute.value.capacity()), 8);
            MemorySegment.copy(MemorySegment.ofBuffer(attribute.value), 0, value, 0, attribute.value.capacity());
            array.set(JAVA_LONG, i * ATTRIBUTE_BYTES, attribute.type);
            array.set(ADDRESS, i * ATTRIBUTE_BYTES + 8, value);
            array.set(JAVA_LONG, i * ATTRIBUTE_BYTES + 16, attribute.value.capacity());
        }
        return array;
    }
}
