package dev.keyproof.log.tile;

import dev.keyproof.log.LogCorruptException;
import java.util.Arrays;
import java.util.List;

/** Any bytes are a bundle that is written as it was read, or corrupt. */
public final class EntryBundleFuzz {
    private EntryBundleFuzz() {}

    public static List<byte[]> samples() {
        return List.of(
                EntryBundle.encode(List.of()),
                EntryBundle.encode(List.of(new byte[0], new byte[] {1, 2, 3}, new byte[300])),
                EntryBundle.encode(List.of(new byte[EntryBundle.MAX_ENTRY])));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            if (!Arrays.equals(EntryBundle.encode(EntryBundle.decode(input)), input)) {
                throw new AssertionError("read as something else");
            }
        } catch (LogCorruptException e) {
            // What is declared.
        }
    }
}
