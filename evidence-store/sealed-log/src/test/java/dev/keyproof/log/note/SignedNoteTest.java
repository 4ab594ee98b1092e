package dev.keyproof.log.note;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keyproof.log.merkle.TreeHasher;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedNoteTest {
    private static final String ORIGIN = "keyproof/log/test/2026";

    private final TestingSigner ed25519 = TestingSigner.ed25519(ORIGIN);
    private final TestingSigner ecdsa = TestingSigner.ecdsa(ORIGIN);
    private final List<NoteVerifier> verifiers = List.of(ed25519.verifier(), ecdsa.verifier());

    private SignedNote head() throws NoteException {
        Checkpoint checkpoint = new Checkpoint(ORIGIN, 4711, new TreeHasher().leaf(new byte[] {1}), List.of("more"));
        return SignedNote.sign(checkpoint.text(), List.of(ed25519, ecdsa));
    }

    @Test
    void isReadAsItIsWritten() throws Exception {
        SignedNote note = head();
        SignedHead read = SignedHead.parse(note.format());
        assertThat(read.note()).isEqualTo(note);
        assertThat(read.size()).isEqualTo(4711);
        assertThat(read.checkpoint().origin()).isEqualTo(ORIGIN);
        assertThat(read.checkpoint().extensions()).containsExactly("more");
        assertThat(SignedNote.parse(note.bytes())).isEqualTo(note);
        assertThat(read.note().verifiedBy(verifiers)).containsExactlyElementsOf(verifiers);
    }

    /** Whatever bit changes: it is no note any more, or a key refuses it, or one of the two signatures is no longer its own. */
    @Test
    void isRefusedWithAnyBitAltered() throws Exception {
        byte[] bytes = head().bytes();
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(sound(bytes)).as("bit %d", bit).isFalse();
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
        assertThat(sound(bytes)).isTrue();
    }

    private boolean sound(byte[] bytes) {
        try {
            return SignedNote.parse(bytes).verifiedBy(verifiers).size() == 2;
        } catch (NoteException e) {
            return false;
        }
    }

    @Test
    void passesOverKeysItDoesNotKnowButNeedsOneItKnows() throws Exception {
        assertThat(head().verifiedBy(List.of(ecdsa.verifier()))).hasSize(1);
        NoteVerifier stranger = TestingSigner.ed25519(ORIGIN).verifier();
        assertThat(head().verifiedBy(List.of(stranger, ed25519.verifier()))).containsExactly(ed25519.verifier());
        assertThatExceptionOfType(NoteException.class)
                .isThrownBy(() -> head().verifiedBy(List.of(stranger)))
                .withMessageContaining("no known key");
    }

    @Test
    void isNotSignedWhenAKeyFails() {
        assertThatExceptionOfType(NoteException.class)
                .isThrownBy(() -> SignedNote.sign("text\n", List.of(ed25519, ecdsa.failing())));
        assertThatExceptionOfType(NoteException.class).isThrownBy(() -> SignedNote.sign("text\n", List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text\n",
                "text\n\n",
                "text\n\nname AAAAAAA=\n",
                "text\n\n\u2014 name AAAAAAA=",
                "text\n\n\u2014 name\n",
                "text\n\n\u2014 name AAAAAA==\n",
                "text\n\n\u2014 name AAAAAAA\n",
                "text\n\n\u2014 name AAAAAAB=\n",
                "text\n\n\u2014 na+me AAAAAAA=\n",
                "text\n\n\u2014  AAAAAAA=\n",
                "te\rxt\n\n\u2014 name AAAAAAA=\n",
                "text\n\u2014 name AAAAAAA=\n",
                "text\n\n\u2014 name AAAAAAA=\nmore\n"
            })
    void isStrict(String note) {
        assertThatExceptionOfType(NoteException.class).isThrownBy(() -> SignedNote.parse(note));
        assertThatExceptionOfType(NoteException.class).isThrownBy(() -> SignedNote.parse(note.getBytes(UTF_8)));
    }

    @Test
    void isValidUtf8() {
        assertThatExceptionOfType(NoteException.class)
                .isThrownBy(() -> SignedNote.parse(new byte[] {'a', (byte) 0xff, '\n', '\n'}))
                .withMessageContaining("UTF-8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "origin\n",
                "origin\n1\n",
                "origin\n1\nAAAA\n",
                "origin\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
                "origin\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
                "origin\n9223372036854775808\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
                "origin\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n",
                "origin\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU\n",
                "origin\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
                "origin\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n",
                "\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
            })
    void carriesNoMalformedCheckpoint(String text) {
        assertThatExceptionOfType(NoteException.class).isThrownBy(() -> Checkpoint.parse(text));
    }
}
