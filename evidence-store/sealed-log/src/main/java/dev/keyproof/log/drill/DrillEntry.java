package dev.keyproof.log.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An entry that says which append it came with, so that a check can see that appends are there once and whole.
 *
 * @param append id of the append, without spaces; unique over all runs
 * @param place of the entry in its append, from 0
 * @param of entries in the append
 */
record DrillEntry(String append, int place, int of) {
    private static final int FIELDS = 4;

    /**
     * The entries of an append.
     *
     * @param padding bytes that each entry has beside its own text
     */
    static List<byte[]> append(String id, int count, int padding) {
        List<byte[]> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            byte[] text = (id + " " + i + " " + count + " ").getBytes(UTF_8);
            byte[] entry = Arrays.copyOf(text, text.length + padding);
            Arrays.fill(entry, text.length, entry.length, (byte) 'x');
            entries.add(entry);
        }
        return entries;
    }

    /** Empty if these are not the bytes of such an entry. */
    static Optional<DrillEntry> parse(byte[] entry) {
        String[] fields = new String(entry, UTF_8).split(" ", FIELDS);
        if (fields.length != FIELDS || !fields[1].matches("[0-9]{1,9}") || !fields[2].matches("[0-9]{1,9}")) {
            return Optional.empty();
        }
        return Optional.of(new DrillEntry(fields[0], Integer.parseInt(fields[1]), Integer.parseInt(fields[2])));
    }
}
