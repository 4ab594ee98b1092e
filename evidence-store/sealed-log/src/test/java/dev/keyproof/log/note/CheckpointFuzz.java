package dev.keyproof.log.note;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keyproof.log.merkle.TreeHasher;
import java.util.List;

/** Any text is a checkpoint that is written as it was read, or malformed. */
public final class CheckpointFuzz {
    private CheckpointFuzz() {}

    public static List<byte[]> samples() {
        return List.of(
                new Checkpoint("keyproof/log/a/2026", Long.MAX_VALUE, new TreeHasher().empty())
                        .text()
                        .getBytes(UTF_8),
                new Checkpoint("\u2014", 0, new TreeHasher().empty(), List.of("a", " ", "b+c"))
                        .text()
                        .getBytes(UTF_8));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, UTF_8);
        try {
            if (!Checkpoint.parse(text).text().equals(text)) {
                throw new AssertionError("read as something else");
            }
        } catch (NoteException e) {
            // What is declared.
        }
    }
}
