package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingPack;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Each certificate signs what its role says and nothing else, whoever issued it. */
final class RoleTest {
    private static final TestingPack TESTING = new TestingPack();

    private final List<byte[]> entries = TESTING.entries(8);

    @Test
    void theLogSignerMayNotSignPacks() {
        // Given: the same root issued it, and its key is the log's own
        PackWriter.Signer log =
                TESTING.signer.with(TESTING.signer.chainOf("Test log", TESTING.logKey(), Role.LOG), TESTING.logKey());

        // When
        byte[] pack = TESTING.pack(entries, log, files -> {});

        // Then
        assertThat(Verifying.broken(pack, TESTING.trust()))
                .isEqualTo("trust/signer.pem: the certificate of Test log may not sign packs: it lacks the policy "
                        + Role.PACK.policy());
    }

    @Test
    void aKeyThatTheTrustFileKnowsAsALogsMayNotSignPacks() throws Exception {
        // Given: a key of another log, which the pack does not carry
        KeyPair other = TestingAuthority.keyPair();
        TrustFile trust = TESTING.trust()
                .and(new TrustFile(
                        List.of(),
                        List.of(),
                        List.of(LogKey.of(dev.keyproof.log.note.NoteVerifier.of("another/2026", other.getPublic()))),
                        Map.of(),
                        List.of(),
                        List.of()));
        PackWriter.Signer log = TESTING.signer.with(TESTING.signer.chainOf("Another log", other, Role.PACK), other);

        assertThat(Verifying.broken(TESTING.pack(entries, log, files -> {}), trust))
                .isEqualTo("trust/signer.pem: the key of Another log is a key of a log: it may not sign packs");
    }

    @Test
    void aTimeStampAuthorityMayNotSignPacks() {
        TestingAuthority stamper = TestingAuthority.timeStamper("Time");

        assertThat(Verifying.broken(TESTING.pack(entries, stamper, files -> {}), null))
                .startsWith("trust/signer.pem: the certificate of Time may not sign packs: ");
    }

    @Test
    void aCertificateOfBothRolesHasNone() {
        TestingAuthority both = TestingAuthority.of("Both", List.of(Role.PACK, Role.LOG));

        assertThat(Verifying.broken(TESTING.pack(entries, both, files -> {}), null))
                .isEqualTo("trust/signer.pem: the certificate of Both may not sign packs: it has another role as well");
    }

    @Test
    void aCertificateWithoutRoleSignsNoCheckpoint() {
        assertThat(copyUnder())
                .startsWith("trust/log-signer.pem: the certificate of Test log may not sign a log's checkpoints: ");
    }

    /** The first fault of a pack whose checkpoint has a CMS copy by the log's own key, certified for these roles. */
    private String copyUnder(Role... roles) {
        Consumer<Map<String, byte[]>> bend = files -> {
            var chain = TESTING.signer.chainOf("Test log", TESTING.logKey(), roles);
            byte[] checkpoint = Objects.requireNonNull(files.get("log/2026/checkpoint"));
            files.put("log/2026/checkpoint.p7s", TestingPack.checkpointCms(checkpoint, chain, TESTING.logKey()));
            files.put("trust/log-signer.pem", Certificates.pem(chain).getBytes(StandardCharsets.US_ASCII));
        };
        return Verifying.broken(TESTING.pack(entries, TESTING.signer, bend), TESTING.trust());
    }
}
