package dev.keyproof.log.note;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keyproof.log.merkle.TreeHasher;
import java.util.Arrays;
import java.util.List;

/** Any bytes are a note, perhaps with a checkpoint, that is written as it was read, or malformed. */
public final class SignedNoteFuzz {
    private SignedNoteFuzz() {}

    public static List<byte[]> samples() {
        String text = new Checkpoint("keyproof/log/a/2026", 4711, new TreeHasher().empty(), List.of("more")).text();
        return List.of(
                new SignedNote(text, List.of(new NoteSignature("a", 1, new byte[64]))).bytes(),
                new SignedNote(
                                "caf\u00e9\n\n\u2014 looks like one\n",
                                List.of(
                                        new NoteSignature("b/c", -1, new byte[] {1}),
                                        new NoteSignature("\u00fc", 77, new byte[71])))
                        .bytes(),
                "text\n\n\u2014 name AAAAAAA=\n".getBytes(UTF_8));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            SignedNote note = SignedNote.parse(input);
            if (!Arrays.equals(note.bytes(), input)) {
                throw new AssertionError("read as something else");
            }
            for (NoteSignature signature : note.signatures()) {
                if (!NoteSignature.parse(signature.line()).equals(signature)) {
                    throw new AssertionError("a signature is read as something else");
                }
            }
            SignedHead head = SignedHead.parse(note.format());
            if (!head.checkpoint().text().equals(note.text())) {
                throw new AssertionError("the checkpoint is read as something else");
            }
        } catch (NoteException e) {
            // What is declared.
        }
    }
}
