package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.log.merkle.Hash;
import dev.keyproof.verify.testing.TestingEvidenceRecord;
import dev.keyproof.verify.testing.TestingPack;
import dev.keyproof.verify.testing.TestingRecords;
import dev.keyproof.verify.testing.TestingTimeStamps;
import java.lang.foreign.MemorySegment;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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

    private static void put(Map<String, byte[]> files, byte[] checkpoint, TestingTimeStamps stamps) {
        new TestingEvidenceRecord(stamps).put(files, checkpoint);
    }

    private Hash root(int size) {
        return TestingRecords.range(entries.subList(0, size)).root();
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
