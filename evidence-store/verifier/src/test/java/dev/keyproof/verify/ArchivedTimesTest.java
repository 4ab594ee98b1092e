package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.verify.testing.TestingPack;
import dev.keyproof.verify.testing.TestingTimeStamps;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.ers.ERSArchiveTimeStamp;
import org.bouncycastle.tsp.ers.ERSEvidenceRecordGenerator;
import org.junit.jupiter.api.Test;

/** An evidence record in a pack: over an earlier checkpoint, and with one defect each. */
final class ArchivedTimesTest {
    private static final TestingPack TESTING = new TestingPack();

    private final List<byte[]> entries = TESTING.entries(300);

    @Test
    void saysSinceWhenTheLogIsKnownToHaveExisted() {
        Verdict verdict = verify(files -> put(files, TESTING.checkpoint(200, root(200)), TESTING.timeStamps));

        assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Proven.class);
        assertThat(((Verdict.Proven) verdict).summary().notes())
                .singleElement()
                .asString()
                .startsWith("keyproof/log/test/2026 existed with 200 entries at ")
                .contains("an evidence record of 1 tokens, the last at ")
                .endsWith(" by Test time.");
    }

    @Test
    void aRecordOverAnotherCheckpointIsFound() {
        assertThat(broken(files -> {
                    put(files, TESTING.checkpoint(200, root(200)), TESTING.timeStamps);
                    files.put("time/2026.checkpoint", TESTING.checkpoint(201, root(201)));
                }))
                .startsWith("time/2026.ers: not a valid evidence record: ");
    }

    @Test
    void anEarlierCheckpointOfAnotherHistoryIsFound() {
        assertThat(broken(files -> put(files, TESTING.checkpoint(200, Hash.of(new byte[32])), TESTING.timeStamps)))
                .isEqualTo("time/2026.checkpoint: the log at its end is not a continuation of this checkpoint");
    }

    @Test
    void aLaterCheckpointIsFound() {
        assertThat(broken(files -> put(files, TESTING.checkpoint(301, Hash.of(new byte[32])), TESTING.timeStamps)))
                .isEqualTo("time/2026.checkpoint: is not an earlier checkpoint of this log");
    }

    @Test
    void aCheckpointThatTheLogDidNotSignIsFound() {
        assertThat(broken(files -> put(files, new TestingPack().checkpoint(200, root(200)), TESTING.timeStamps)))
                .startsWith("time/2026.checkpoint: ");
    }

    @Test
    void anAuthorityThatTheAnchorDoesNotNameIsRefused() {
        TestingTimeStamps stranger = new TestingPack().timeStamps;

        assertThat(broken(files -> put(files, TESTING.checkpoint(200, root(200)), stranger)))
                .isEqualTo("trust/tsa-roots.pem: holds Test time root, which the trust file does not name");
    }

    @Test
    void anAuthorityOfNoRootIsRefused() {
        TestingTimeStamps stranger = new TestingPack().timeStamps;

        assertThat(broken(files -> {
                    put(files, TESTING.checkpoint(200, root(200)), stranger);
                    files.put("trust/tsa-roots.pem", pem(TESTING.timeStamps));
                }))
                .startsWith("time/2026.ers, token 1: no path at ")
                .contains(" from Test time to a root that is believed: ");
    }

    @Test
    void aCheckpointWithoutARecordIsFound() {
        assertThat(broken(files -> {
                    put(files, TESTING.checkpoint(200, root(200)), TESTING.timeStamps);
                    files.remove("time/2026.ers");
                }))
                .isEqualTo("time/2026.checkpoint: there is no evidence record over it");
    }

    private static void put(Map<String, byte[]> files, byte[] checkpoint, TestingTimeStamps stamps) {
        try {
            DigestCalculatorProvider digests = new JcaDigestCalculatorProviderBuilder().build();
            byte[] answer = stamps.answer(TestingTimeStamps.request(checkpoint), Instant.now());
            files.put(
                    "time/2026.ers",
                    new ERSEvidenceRecordGenerator(digests)
                            .generate(ERSArchiveTimeStamp.fromTimeStampToken(
                                    new TimeStampResponse(answer).getTimeStampToken(), digests))
                            .toASN1Structure()
                            .getEncoded("DER"));
            files.put("time/2026.checkpoint", checkpoint);
            files.put("trust/tsa-roots.pem", pem(stamps));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] pem(TestingTimeStamps stamps) {
        return Certificates.pem(List.of(stamps.chain().getLast())).getBytes(StandardCharsets.US_ASCII);
    }

    private Hash root(int size) {
        CompactRange range = new CompactRange();
        TreeHasher hasher = new TreeHasher();
        entries.subList(0, size).forEach(entry -> range.append(hasher.leaf(entry)));
        return range.root();
    }

    private String broken(Consumer<Map<String, byte[]>> bend) {
        Verdict verdict = verify(bend);
        assertThat(verdict).isInstanceOf(Verdict.Broken.class);
        return ((Verdict.Broken) verdict).first().toString();
    }

    private Verdict verify(Consumer<Map<String, byte[]>> bend) {
        byte[] pack = TESTING.pack(entries, TESTING.signer, bend);
        return new PackVerifier(Clock.systemUTC()).verify(MemorySegment.ofArray(pack), TESTING.trust(), false);
    }
}
