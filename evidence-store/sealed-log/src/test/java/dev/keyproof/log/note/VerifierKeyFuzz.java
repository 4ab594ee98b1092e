package dev.keyproof.log.note;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/** Any text is a verifier key that is written as it was read and takes any signature without failing, or malformed. */
public final class VerifierKeyFuzz {
    private VerifierKeyFuzz() {}

    public static List<byte[]> samples() {
        return List.of(
                "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".getBytes(UTF_8),
                TestingSigner.ed25519("a/b").verifier().vkey().getBytes(UTF_8),
                TestingSigner.ecdsa("a/b").verifier().vkey().getBytes(UTF_8),
                cosigner().getBytes(UTF_8));
    }

    private static String cosigner() {
        try {
            return NoteVerifier.cosigner(
                            "w", TestingSigner.ed25519("w").verifier().key())
                    .vkey();
        } catch (NoteException e) {
            throw new IllegalStateException(e);
        }
    }

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, UTF_8);
        try {
            NoteVerifier verifier = NoteVerifier.parse(text);
            if (!verifier.vkey().equals(text)) {
                throw new AssertionError("read as something else");
            }
            if (verifier.verifies(input, new byte[64])) {
                throw new AssertionError("zeros are no signature");
            }
        } catch (NoteException e) {
            // What is declared.
        }
    }
}
