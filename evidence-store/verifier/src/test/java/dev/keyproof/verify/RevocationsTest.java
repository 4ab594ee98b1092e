package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingPack;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x509.CRLReason;
import org.junit.jupiter.api.Test;

/** Whether a certificate was revoked counts when its key signed, and not when somebody looks. */
final class RevocationsTest {
    private static final TestingPack TESTING = new TestingPack();
    private static final String SIGNERS = "trust/signer.crl";

    private final Instant now = Instant.now();
    private final List<byte[]> entries = TESTING.entries(8);

    @Test
    void oneThatWasRevokedAfterItSignedStillProvesAndSaysSo() {
        byte[] pack = pack(files -> files.put(SIGNERS, list(TESTING.signer.crl(later(signer())))));

        assertThat(Verifying.proven(pack, TESTING.trust()).notes())
                .singleElement()
                .asString()
                .startsWith("The certificate of Test signer was revoked at ");
    }

    @Test
    void aLogSignersCheckpointStandsIfItWasStampedBefore() {
        byte[] after = pack(files -> {
            files.put(SIGNERS, list(TESTING.signer.crl(Map.of(logSigner(files), now.minus(Duration.ofHours(1))))));
            stamped(files, now.minus(Duration.ofHours(2)));
        });
        byte[] before = pack(files -> {
            files.put(SIGNERS, list(TESTING.signer.crl(Map.of(logSigner(files), now.minus(Duration.ofHours(3))))));
            stamped(files, now.minus(Duration.ofHours(2)));
        });

        assertThat(Verifying.proven(after, TESTING.trust()).notes())
                .singleElement()
                .asString()
                .startsWith("The certificate of Test log was revoked at ");
        assertThat(Verifying.broken(before, TESTING.trust()))
                .startsWith("trust/log-signer.pem: the certificate of Test log was revoked at ");
    }

    @Test
    void aTimeAuthorityWhoseKeyWasLostStatesNoTimesAtAll() {
        X509Certificate authority = TESTING.timeStamps.chain().getFirst();

        assertThat(Verifying.broken(
                        pack(files -> files.put("trust/tsa.crl", times(authority, CRLReason.keyCompromise))),
                        TESTING.trust()))
                .startsWith("trust/tsa.pem: the certificate of Test time was revoked at ");
        assertThat(Verifying.broken(
                        pack(files -> files.put("trust/manifest-tsa.crl", times(authority, CRLReason.unspecified))),
                        TESTING.trust()))
                .startsWith("trust/manifest-tsa.pem: the certificate of Test time was revoked at ");
        assertThat(Verifying.proven(
                                pack(files -> files.put("trust/tsa.crl", times(authority, CRLReason.superseded))),
                                TESTING.trust())
                        .notes())
                .singleElement()
                .asString()
                .startsWith("The certificate of Test time was revoked at ");
    }

    @Test
    void whereThereIsNoListThePackSaysSoAndIsProven() {
        byte[] pack = pack(files ->
                List.of(SIGNERS, "trust/tsa.crl", "trust/manifest-tsa.crl").forEach(files::remove));

        assertThat(Verifying.proven(pack, TESTING.trust()).notes())
                .containsExactly("Whether their certificates were revoked is not said in the pack, which holds no"
                        + " revocation list for: Test log, Test signer, Test time.");
    }

    @Test
    void withoutATimeTokenNobodyAsksSinceWhenTheListIsInForceButEveryRevocationCounts() {
        X509CRL old = TESTING.signer.crl(
                now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(8)), Map.of(), CRLReason.keyCompromise);

        assertThat(Verifying.verify(unstamped(old), TESTING.trust())).isInstanceOf(Verdict.Proven.class);
        assertThat(Verifying.broken(
                        unstamped(TESTING.signer.crl(Map.of(signer(), now.minus(Duration.ofDays(1))))),
                        TESTING.trust()))
                .startsWith("trust/signer.pem: the certificate of Test signer was revoked at ");
    }

    @Test
    void aListOfWhoeverMayIssueNoneIsForged() {
        // The signer's own key: it signs packs, and certifies nobody.
        TestingAuthority impostor = TESTING.signer;
        byte[] pack = pack(files -> files.put(SIGNERS, list(impostor.crlByLeaf())));

        assertThat(Verifying.broken(pack, TESTING.trust()))
                .isEqualTo("trust/signer.crl: holds a list that no authority in trust/signer.pem issued");
    }

    private Map<X509Certificate, Instant> later(X509Certificate certificate) {
        return Map.of(certificate, now.plus(Duration.ofHours(1)));
    }

    private byte[] times(X509Certificate authority, int reason) {
        return list(TESTING.timeStamps
                .authority()
                .crl(now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)), later(authority), reason));
    }

    private static X509Certificate signer() {
        return TESTING.signer.chain().getFirst();
    }

    private static X509Certificate logSigner(Map<String, byte[]> files) {
        try {
            return Certificates.chain(files.getOrDefault("trust/log-signer.pem", new byte[0]), "trust/log-signer.pem")
                    .getFirst();
        } catch (BrokenPackException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void stamped(Map<String, byte[]> files, Instant when) {
        byte[] request = files.getOrDefault("time/2026.tsq", new byte[0]);
        files.put("time/2026.tsr", TESTING.timeStamps.answer(request, when));
    }

    private byte[] pack(Consumer<Map<String, byte[]>> bend) {
        return TESTING.pack(entries, TESTING.signer, bend);
    }

    private byte[] unstamped(X509CRL crl) {
        return TESTING.pack(
                entries, TESTING.signer, files -> files.put(SIGNERS, list(crl)), Optional.empty(), logs -> logs);
    }

    private static byte[] list(X509CRL crl) {
        return Crls.pem(List.of(crl)).getBytes(StandardCharsets.US_ASCII);
    }
}
