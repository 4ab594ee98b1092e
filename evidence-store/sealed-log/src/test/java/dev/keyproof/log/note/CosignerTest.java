package dev.keyproof.log.note;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class CosignerTest {
    private static final String TEXT = "example.com/log\n3\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    @Test
    void signsTimeAndTextAsTheSpecificationLaysThemOut() throws Exception {
        // Given
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Cosigner cosigner = new Cosigner(
                "w.example/1",
                pair.getPublic(),
                pair.getPrivate(),
                InstantSource.fixed(Instant.ofEpochSecond(1679315147)));

        // When
        byte[] made = cosigner.sign(TEXT.getBytes(UTF_8));

        // Then
        assertThat(made).hasSize(72);
        assertThat(Arrays.copyOf(made, 8)).isEqualTo(new byte[] {0, 0, 0, 0, 0x64, 0x18, 0x50, (byte) 0xcb});
        Signature plain = Signature.getInstance("Ed25519");
        plain.initVerify(pair.getPublic());
        plain.update(("cosignature/v1\ntime 1679315147\n" + TEXT).getBytes(UTF_8));
        assertThat(plain.verify(Arrays.copyOfRange(made, 8, 72))).isTrue();
    }

    @Test
    void itsVerifierKnowsItFromAPlainSignatureOfTheSameKey() throws Exception {
        // Given
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Cosigner cosigner = new Cosigner("w.example/1", pair.getPublic(), pair.getPrivate(), InstantSource.system());
        NoteVerifier plain = NoteVerifier.of("w.example/1", pair.getPublic());

        // When
        NoteVerifier read = NoteVerifier.parse(cosigner.verifier().vkey());

        // Then
        assertThat(read).isEqualTo(cosigner.verifier());
        assertThat(read.keyId()).isNotEqualTo(plain.keyId());
        assertThat(Base64.getDecoder().decode(read.vkey().split("\\+", 3)[2])[0])
                .isEqualTo((byte) 0x04);
        byte[] made = cosigner.sign(TEXT.getBytes(UTF_8));
        assertThat(read.verifies(TEXT.getBytes(UTF_8), made)).isTrue();
        assertThat(plain.verifies(TEXT.getBytes(UTF_8), made)).isFalse();
        for (int at : new int[] {0, 7, 8, 71}) {
            byte[] bent = made.clone();
            bent[at] ^= 1;
            assertThat(read.verifies(TEXT.getBytes(UTF_8), bent))
                    .as("byte %d", at)
                    .isFalse();
        }
        assertThat(read.verifies(TEXT.getBytes(UTF_8), Arrays.copyOf(made, 71))).isFalse();
    }

    @Test
    void standsBesideTheLogsOwnSignatures() throws Exception {
        // Given
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Cosigner cosigner = new Cosigner("w.example/1", pair.getPublic(), pair.getPrivate(), InstantSource.system());
        TestingSigner log = TestingSigner.ed25519("example.com/log");
        SignedNote note = SignedNote.sign(TEXT, List.of(log));

        // When
        SignedNote cosigned = note.with(SignedNote.sign(TEXT, List.of(cosigner)).signatures());

        // Then
        SignedNote read = SignedNote.parse(cosigned.format());
        assertThat(read.verifiedBy(List.of(log.verifier(), cosigner.verifier())))
                .hasSize(2);
        assertThat(read.text()).isEqualTo(TEXT);
        assertThat(cosigned.with(note.signatures())).isEqualTo(cosigned);
    }

    @Test
    void anotherKindOfKeyIsRefused() throws Exception {
        // Given
        TestingSigner ecdsa = TestingSigner.ecdsa("a");

        // When
        assertThatThrownBy(() -> NoteVerifier.cosigner("a", ecdsa.verifier().key()))
                // Then
                .isInstanceOf(NoteException.class)
                .hasMessageContaining("Ed25519");
    }
}
