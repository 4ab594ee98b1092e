package dev.keyproof.log.tile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.stream.Stream;

/** Any text is a path that is written as it was read, or not a path. */
public final class TilePathFuzz {
    private TilePathFuzz() {}

    public static List<byte[]> samples() {
        return Stream.of(
                        TilePath.full(0, 0).path(),
                        TilePath.entries(1_234_067, 5).path(),
                        TilePath.full(63, Long.MAX_VALUE).path(),
                        "tile/0/" + "x001/".repeat(20_000) + "001")
                .map(path -> path.getBytes(UTF_8))
                .toList();
    }

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, UTF_8);
        try {
            if (!TilePath.parse(text).path().equals(text)) {
                throw new AssertionError("read as something else");
            }
        } catch (IllegalArgumentException e) {
            if (e.getClass() != IllegalArgumentException.class) {
                throw e;
            }
        }
    }
}
