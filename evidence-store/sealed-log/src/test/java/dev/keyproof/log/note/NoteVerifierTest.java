package dev.keyproof.log.note;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoteVerifierTest {
    /** The verifier key that the package golang.org/x/mod/sumdb/note documents with its examples. */
    private static final String PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    /** The note that it documents as signed by that key. */
    private static final String NOTE = """
            If you think cryptography is the answer to your problem,
            then you don't know what your problem is.

            \u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
            """;

    @Test
    void readsAKeyAndANoteOfTheReferenceImplementation() throws Exception {
        NoteVerifier verifier = NoteVerifier.parse(PETER);
        assertThat(verifier.type()).isEqualTo(NoteKey.ED25519);
        assertThat(verifier.keyId()).isEqualTo(0xc74f20a3);
        assertThat(verifier.vkey()).isEqualTo(PETER);
        SignedNote note = SignedNote.parse(NOTE);
        assertThat(note.verifiedBy(List.of(verifier))).containsExactly(verifier);
        assertThat(note.format()).isEqualTo(NOTE);
    }

    @Test
    void isReadAsItIsWritten() throws Exception {
        for (TestingSigner signer : List.of(TestingSigner.ed25519("a/b"), TestingSigner.ecdsa("a/b"))) {
            NoteVerifier verifier = NoteVerifier.parse(signer.verifier().vkey());
            assertThat(verifier).isEqualTo(signer.verifier());
            assertThat(verifier.type()).isEqualTo(signer.type());
            byte[] message = "text\n".getBytes(UTF_8);
            byte[] signature = signer.sign(message);
            assertThat(verifier.verifies(message, signature)).isTrue();
            assertThat(verifier.verifies("other\n".getBytes(UTF_8), signature)).isFalse();
            assertThat(verifier.verifies(message, new byte[3])).isFalse();
        }
        assertThat(typeOf(TestingSigner.ed25519("a").verifier())).isEqualTo((byte) 0x01);
        assertThat(typeOf(TestingSigner.ecdsa("a").verifier())).isEqualTo((byte) 0x02);
    }

    private static byte typeOf(NoteVerifier verifier) {
        return Base64.getDecoder().decode(verifier.vkey().split("\\+", 3)[2])[0];
    }

    @Test
    void refusesWhatIsMalformed() {
        String key = PETER.substring(PETER.lastIndexOf('+') + 1);
        byte[] typed = Base64.getDecoder().decode(key);
        byte[] unknown = typed.clone();
        unknown[0] = 0x7f;
        for (String vkey : List.of(
                "",
                "PeterNeumann",
                "PeterNeumann+c74f20a3",
                "PeterNeumann+c74f20a4+" + key,
                "PeterNeumann+C74F20A3+" + key,
                "PeterNeumann+c74f20a3+",
                "PeterNeumann+c74f20a3+AQ==",
                "PeterNeumann+c74f20a3+" + key + "\n",
                "PeterNeumanN+c74f20a3+" + key,
                "Peter Neumann+c74f20a3+" + key,
                "+c74f20a3+" + key,
                "PeterNeumann+c74f20a3+" + Base64.getEncoder().encodeToString(unknown),
                "PeterNeumann+c74f20a3+AgAA")) {
            assertThatExceptionOfType(NoteException.class).as(vkey).isThrownBy(() -> NoteVerifier.parse(vkey));
        }
    }

    @Test
    void takesNoOtherKeyAndNoOtherName() throws Exception {
        KeyPairGenerator p384 = KeyPairGenerator.getInstance("EC");
        p384.initialize(new ECGenParameterSpec("secp384r1"));
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        assertThatExceptionOfType(NoteException.class)
                .isThrownBy(() -> NoteVerifier.of("a", p384.generateKeyPair().getPublic()));
        assertThatExceptionOfType(NoteException.class)
                .isThrownBy(() -> NoteVerifier.of("a", rsa.generateKeyPair().getPublic()));
        for (String name : List.of("", "a b", "a+b", "a\u00a0b", "a\nb")) {
            assertThatExceptionOfType(NoteException.class)
                    .isThrownBy(() -> NoteVerifier.of(
                            name, TestingSigner.ed25519("a").verifier().key()));
        }
    }
}
