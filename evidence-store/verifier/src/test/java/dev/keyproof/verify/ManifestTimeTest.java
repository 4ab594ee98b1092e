package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingPack;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A signature counts if it existed while its signer's certificate was valid; an old time of something else does not help it. */
final class ManifestTimeTest {
    private static final TestingPack TESTING = new TestingPack();
    private final Instant now = Instant.now();

    private final List<byte[]> entries = TESTING.entries(8);
    /** Its certificate ended an hour ago; the log's checkpoint is stamped when each pack is made. */
    private final TestingAuthority ended =
            TestingAuthority.signer("Ended", now.minus(Duration.ofDays(9)), now.minus(Duration.ofHours(1)));

    private final TrustFile trust = TESTING.trust()
            .and(new TrustFile(List.of(ended.root()), List.of(), List.of(), java.util.Map.of(), List.of(), List.of()));

    @Test
    void aStampOfTodayDoesNotHelpIt() {
        byte[] pack = pack(Optional.of(TESTING.timeStamps.at(now)), now.minus(Duration.ofHours(5)));

        assertThat(Verifying.broken(pack, trust)).startsWith("trust/signer.pem: the chain is not valid at ");
    }

    @Test
    void oneStampedBeforeTheEndIsProvenForEver() {
        byte[] pack = pack(
                Optional.of(TESTING.timeStamps.at(now.minus(Duration.ofHours(2)))), now.minus(Duration.ofHours(5)));

        Verdict verdict = Verifying.verify(pack, trust, Clock.fixed(now.plus(Duration.ofDays(9000)), ZoneOffset.UTC));

        assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Proven.class);
        assertThat(((Verdict.Proven) verdict).summary().signer())
                .satisfies(signer -> assertThat(signer.timeBy()).isEqualTo("Test time"));
    }

    @Test
    void withoutAStampItIsProvenWhileTheCertificateIsValidAndSaysSo() {
        byte[] pack = TESTING.pack(entries, TESTING.signer, files -> {}, Optional.empty(), logs -> logs);

        assertThat(Verifying.proven(pack, TESTING.trust()).notes())
                .containsExactly("No time-stamp authority vouches for when the pack was signed:"
                        + " once its signer's certificate has ended, it proves nothing.");
        assertThat(Verifying.verify(
                        pack, TESTING.trust(), Clock.fixed(now.plus(Duration.ofDays(9000)), ZoneOffset.UTC)))
                .isInstanceOf(Verdict.Broken.class);
    }

    private byte[] pack(Optional<PackWriter.Stamper> stamper, Instant checkpointStamped) {
        return TESTING.pack(
                entries,
                ended,
                files -> {
                    byte[] request = java.util.Objects.requireNonNull(files.get("time/2026.tsq"));
                    files.put("time/2026.tsr", TESTING.timeStamps.answer(request, checkpointStamped));
                },
                stamper,
                logs -> logs);
    }
}
