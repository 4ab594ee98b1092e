package dev.keyproof.log.tile;

import dev.keyproof.log.LogCorruptException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Entry bundles: each entry is its length as a big-endian uint16 and its bytes. */
public final class EntryBundle {
    /** Bytes that an entry may have; an empty one is allowed. */
    public static final int MAX_ENTRY = 65_535;
    /** Bytes before each entry. */
    public static final int PREFIX = 2;

    private EntryBundle() {}

    /**
     * Puts entries one after the other.
     *
     * @throws IllegalArgumentException if one is too large
     */
    public static byte[] encode(List<byte[]> entries) {
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            if (entry.length > MAX_ENTRY) {
                throw new IllegalArgumentException("an entry has at most 65535 bytes, not " + entry.length);
            }
            bundle.write(entry.length >>> 8);
            bundle.write(entry.length);
            bundle.writeBytes(entry);
        }
        return bundle.toByteArray();
    }

    /**
     * Reads the entries of a bundle.
     *
     * @throws LogCorruptException if the bytes end within an entry
     */
    public static List<byte[]> decode(byte[] bundle) throws LogCorruptException {
        List<byte[]> entries = new ArrayList<>(TilePath.WIDTH);
        int at = 0;
        while (at < bundle.length) {
            if (at + PREFIX > bundle.length) {
                throw new LogCorruptException("an entry bundle ends within a length, at byte " + at);
            }
            int length = (bundle[at] & 0xff) << 8 | (bundle[at + 1] & 0xff);
            if (at + PREFIX + length > bundle.length) {
                throw new LogCorruptException("an entry bundle ends within an entry, at byte " + at);
            }
            byte[] entry = new byte[length];
            System.arraycopy(bundle, at + PREFIX, entry, 0, length);
            entries.add(entry);
            at += PREFIX + length;
        }
        return entries;
    }
}
