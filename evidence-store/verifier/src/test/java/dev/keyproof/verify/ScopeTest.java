package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.verify.testing.TestingPack;
import dev.keyproof.verify.testing.TestingRanges;
import dev.keyproof.verify.testing.TestingRecords;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a pack is asked for is signed, so it is what the pack holds: this much, of this year, in this order. */
final class ScopeTest {
    private static final TestingPack TESTING = new TestingPack();
    private static final List<Integer> OF_THE_KEY = List.of(0, 2, 3, 7);

    private final List<byte[]> entries = TESTING.entries(8);

    @Test
    void theRecordsOfAKeyAreProven() {
        assertThat(Verifying.proven(records(OF_THE_KEY), TESTING.trust()).entries())
                .isEqualTo(2);
        assertThat(Verifying.proven(records(OF_THE_KEY), TESTING.trust()).supporting())
                .isEqualTo(2);
    }

    @Test
    void aScopeOfAnotherFormIsRefused() {
        for (UnaryOperator<ObjectNode> bend : List.<UnaryOperator<ObjectNode>>of(
                scope -> scope.put("kind", "everything"),
                scope -> scope.put("to", "9"),
                scope -> scope.put("actor", "a").put("key", "K1"),
                scope -> {
                    scope.putArray("years");
                    return scope;
                },
                scope -> scope.put("from", -1),
                scope -> scope.put("year", "2026"),
                ObjectNode::removeAll)) {
            assertThat(ranged(bend))
                    .isEqualTo(
                            "manifest.json, scope: neither entries of one year or of several, nor the records of a key, an actor, an operation or a case among them");
        }
    }

    @Test
    void aRangeIsNoPackOfAKeyAndNoneIsARange() {
        assertThat(ranged(scope -> scope.put("kind", "records").put("key", "K1").without(List.of("from"))))
                .isEqualTo("manifest.json, scope: says that single records are here, and there are none");
        byte[] pack = TestingRecords.pack(
                TESTING,
                entries,
                OF_THE_KEY,
                lines -> lines,
                scope -> scope.put("kind", "range").put("from", 0).without(List.of("key")));
        assertThat(Verifying.broken(pack, TESTING.trust()))
                .isEqualTo("records.ndjson, line 1: entry 0 stands in the range as well");
    }

    @Test
    void aRecordThatTheKeyDoesNotNeedIsFound() {
        assertThat(Verifying.broken(records(List.of(0, 1, 2, 7)), TESTING.trust()))
                .startsWith("records.ndjson, line 2: entry 1 is not of the key");
        assertThat(Verifying.broken(records(List.of(7)), TESTING.trust()))
                .startsWith("records.ndjson, line 1: entry 7 is not of the key");
    }

    @Test
    void whatBeginsLaterContinuesACheckpointFromBefore() {
        Consumer<Map<String, byte[]>> begun = files -> {
            files.put(
                    "log/2026/checkpoint.from",
                    TESTING.checkpoint(
                            3, TestingRecords.range(entries.subList(0, 3)).root()));
            files.put("log/2026/consistency.json", TestingRecords.consistency(entries, 3));
        };

        Verifying.proven(TestingRecords.pack(TESTING, entries, 4, List.of(4, 7), begun), TESTING.trust());
        Verifying.proven(
                TestingRanges.pack(TESTING, entries, 4, OptionalLong.empty(), List.of(), begun), TESTING.trust());
        assertThat(Verifying.broken(TestingRecords.pack(TESTING, entries, 2, List.of(2, 3, 7), begun), TESTING.trust()))
                .isEqualTo("log/2026/checkpoint.from: is of 3 entries, and the scope begins at entry 2");
    }

    @Test
    void oscalResultsFollowFromTheEntries() {
        String oscal = "results/oscal/assessment-results.json";

        assertThat(Verifying.broken(bent(entries, files -> files.put(oscal, bytes("{}"))), TESTING.trust()))
                .isEqualTo(oscal + ": no entry of the pack speaks of it");
        entries.set(4, bytes(TestingPack.COMPLIANCE));
        Verifying.proven(bent(entries, files -> {}), TESTING.trust());
        assertThat(Verifying.broken(bent(entries, files -> files.put(oscal, bytes("{}"))), TESTING.trust()))
                .isEqualTo(oscal + ", byte 1: is not what follows from the entries");
        assertThat(Verifying.broken(bent(entries, files -> files.remove(oscal)), TESTING.trust()))
                .isEqualTo(oscal + ": follows from the entries and is not there");
    }

    @Test
    void anOscalPlanFollowsFromTheEntries() {
        String plan = OscalResults.PLAN;
        entries.set(4, bytes(TestingPack.COMPLIANCE));
        assertThat(Verifying.broken(bent(entries, files -> files.put(plan, bytes("{}"))), TESTING.trust()))
                .isEqualTo(plan + ": no entry of the pack speaks of it");

        entries.set(4, bytes(TestingPack.COMPLIANCE.replace("PASS", "FAIL")));
        Verifying.proven(bent(entries, files -> assertThat(files).containsKey(plan)), TESTING.trust());
        assertThat(Verifying.broken(bent(entries, files -> files.put(plan, bytes("{}"))), TESTING.trust()))
                .isEqualTo(plan + ", byte 1: is not what follows from the entries");
        assertThat(Verifying.broken(bent(entries, files -> files.remove(plan)), TESTING.trust()))
                .isEqualTo(plan + ": follows from the entries and is not there");
    }

    private byte[] records(List<Integer> places) {
        return TestingRecords.pack(TESTING, entries, places, lines -> lines);
    }

    private static byte[] bent(List<byte[]> entries, Consumer<Map<String, byte[]>> bend) {
        return TESTING.pack(entries, TESTING.signer, bend);
    }

    private String ranged(UnaryOperator<ObjectNode> scope) {
        return Verifying.broken(
                TESTING.pack(
                        entries,
                        TESTING.signer,
                        files -> {},
                        Optional.of(TESTING.timeStamps.at(Instant.now())),
                        logs -> logs,
                        scope),
                TESTING.trust());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
