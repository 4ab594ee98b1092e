package dev.keyproof.evidence.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.pkcs11.Token;
import dev.keyproof.verify.Crls;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The root's own list: the same for an hour, another as soon as a key is lost. */
@Tag("server")
final class RevokedSignersTest {
    @TempDir
    Path dir;

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    @Test
    void isTheSameForAnHourAndAnotherAsSoonAsAKeyIsLost() throws Exception {
        try (Token token = TestingSeal.openToken(TestingSeal.makeToken())) {
            // Given
            SealToken keys = new SealToken(token);
            LogSigners signing = new LogSigners();
            List<X509Certificate> chain = identity(keys).chain();
            CheckpointCms cms = new CheckpointCms(keys, chain.getLast(), dir, "test", clock());
            RevokedSigners signers = new RevokedSigners(keys, chain.getLast(), cms, signing, dir.resolve("signer.crl"));

            // When
            X509CRL first = signers.at(now).orElseThrow();
            X509CRL again = signers.at(now.plus(Duration.ofMinutes(50))).orElseThrow();
            X509CRL later = signers.at(now.plus(Duration.ofHours(2))).orElseThrow();
            signing.compromised(1, now.plus(Duration.ofHours(2)));
            X509CRL lost = signers.at(now.plus(Duration.ofHours(2))).orElseThrow();

            // Then
            assertThat(again).isEqualTo(first);
            assertThat(later).isNotEqualTo(first);
            assertThat(List.of(first, later, lost)).allMatch(list -> Crls.isOf(list, chain.getLast()));
            assertThat(first.isRevoked(cms.certificate(1))).isFalse();
            assertThat(lost.isRevoked(cms.certificate(1))).isTrue();
            assertThat(lost.isRevoked(chain.getFirst())).isFalse();
            assertThat(lost.getRevokedCertificate(cms.certificate(1)).getRevocationDate())
                    .isEqualTo(now.plus(Duration.ofHours(2)));
            assertThat(lost.getNextUpdate().toInstant()).isAfter(now.plus(Duration.ofHours(20)));
        }
    }

    /** An installation's first root stays its anchor, and those from before could certify and nothing else. */
    @Test
    void aRootThatMayIssueNoneIssuesNone() throws Exception {
        try (Token token = TestingSeal.openToken(TestingSeal.makeToken())) {
            SealToken keys = new SealToken(token);
            List<X509Certificate> chain = identity(keys).chain();
            CheckpointCms cms = new CheckpointCms(keys, chain.getLast(), dir, "test", clock());
            X509Certificate mayNot = chain.getFirst();

            assertThat(new RevokedSigners(keys, mayNot, cms, new LogSigners(), dir.resolve("signer.crl")).at(now))
                    .isEmpty();
            assertThat(dir.resolve("signer.crl")).doesNotExist();
        }
    }

    private PackIdentity identity(SealToken keys) throws Exception {
        return new PackIdentity(keys, dir.resolve("signer.pem"), "test", clock());
    }

    private Clock clock() {
        return Clock.fixed(now, ZoneOffset.UTC);
    }
}
