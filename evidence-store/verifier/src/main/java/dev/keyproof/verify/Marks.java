package dev.keyproof.verify;

import java.util.Arrays;

/** Looks for what must stand in an entry of a kind before the entry is parsed. */
final class Marks {
    private Marks() {}

    /** Whether a mark, which has at least two bytes, stands anywhere. */
    static boolean holds(byte[] bytes, byte[] mark) {
        return find(bytes, mark) >= 0;
    }

    /** Where a mark stands first; -1 if nowhere. */
    static int find(byte[] bytes, byte[] mark) {
        for (int at = 0; at <= bytes.length - mark.length; at++) {
            if (bytes[at] == mark[0]
                    && bytes[at + 1] == mark[1]
                    && Arrays.equals(bytes, at, at + mark.length, mark, 0, mark.length)) {
                return at;
            }
        }
        return -1;
    }
}
