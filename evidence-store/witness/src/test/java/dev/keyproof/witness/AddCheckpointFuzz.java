package dev.keyproof.witness;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.note.Checkpoint;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteSignature;
import dev.keyproof.log.note.SignedNote;
import java.util.Arrays;
import java.util.List;

/** Any bytes are a submission that is written as it was read, or malformed. */
public final class AddCheckpointFuzz {
    private AddCheckpointFuzz() {}

    public static List<byte[]> samples() {
        Hash hash = new TreeHasher().empty();
        String head = new SignedNote(
                        new Checkpoint("example.com/log", 4711, hash).text(),
                        List.of(new NoteSignature("example.com/log", 1, new byte[64])))
                .format();
        return List.of(
                ("old 0\n\n" + head).getBytes(UTF_8),
                ("old 17\n" + (hash.base64() + "\n").repeat(12) + "\n" + head).getBytes(UTF_8),
                ("old 9223372036854775807\n" + (hash.base64() + "\n").repeat(63) + "\n" + head).getBytes(UTF_8));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            AddCheckpoint read = AddCheckpoint.parse(input);
            StringBuilder again = new StringBuilder("old " + read.old() + "\n");
            read.proof().forEach(hash -> again.append(hash.base64()).append('\n'));
            again.append('\n').append(read.head().note().format());
            if (!Arrays.equals(again.toString().getBytes(UTF_8), input)) {
                throw new AssertionError("read as something else");
            }
        } catch (NoteException e) {
            // What is declared.
        }
    }
}
