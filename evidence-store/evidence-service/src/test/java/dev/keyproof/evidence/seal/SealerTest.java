package dev.keyproof.evidence.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.event.testing.OcsfSchema;
import dev.keyproof.evidence.artifact.Artifacts;
import dev.keyproof.evidence.head.SealToken;
import dev.keyproof.evidence.head.TestingSeal;
import dev.keyproof.pkcs11.Token;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
final class SealerTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static Token token;

    @TempDir
    Path dir;

    private Places places;
    private Artifacts artifacts;
    private Batch batch;
    private Sealer sealer;
    private int offset;

    @BeforeAll
    static void openToken() throws Exception {
        token = TestingSeal.openToken(TestingSeal.makeToken());
    }

    @AfterAll
    static void closeToken() throws Exception {
        token.close();
    }

    @BeforeEach
    void begin() throws Exception {
        places = Places.open(dir.resolve("places"));
        artifacts = new Artifacts(dir.resolve("artifacts"), new SealToken(token));
        SealedState state = new SealedState(places);
        batch = new Batch(state, Map.of());
        sealer = new Sealer(state, artifacts, new JournalKeys(List.of()), batch, Clock.systemUTC(), System::nanoTime);
    }

    @AfterEach
    void end() throws Exception {
        places.close();
    }

    @Test
    void nobodyTakesTheUidOfAFindingOfTheLogBeforehand() throws Exception {
        // Given: what the log will find is known beforehand, for its uid follows from source and place
        event(record("broker-1", 0, "operation", ""));
        event(record("broker-1", 2, "operation", ""));
        sealer.settle();
        String found = text(batch.entries().getLast());
        String uid = MAPPER.readTree(found).at("/metadata/uid").asText();
        places.close();
        begin();

        // When: somebody says it first, in other words, and the log then finds it
        finding(found.replace("did not arrive", "are all there"));
        event(record("broker-1", 0, "operation", ""));
        event(record("broker-1", 2, "operation", ""));
        sealer.settle();

        // Then
        assertThat(uid).startsWith("continuity-gap-");
        assertThat(entries("quarantine/v1"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.path("reason").asText())
                        .isEqualTo("it is not the finding that the log sealed under its uid"));
        String sealed = text(batch.entries().getLast());
        assertThat(sealed).contains(uid).contains("did not arrive");
        assertThat(OcsfSchema.violations(sealed.getBytes(UTF_8))).isEmpty();

        // When: the copy that was published comes back, and then another under its uid
        int before = batch.entries().size();
        finding(sealed);
        assertThat(batch.entries()).hasSize(before);
        finding(sealed.replace("did not arrive", "are all there"));

        // Then
        assertThat(entries("quarantine/v1")).hasSize(2);
        assertThat(kept(entries("quarantine/v1").getLast())).contains("are all there");
        sealer.settle();
        assertThat(batch.entries()).hasSize(before + 1);
    }

    @Test
    void aFindingThatPosesAsTheLogsIsSetAside() throws Exception {
        // When
        finding(
                "{\"class_uid\":2004,\"metadata\":{\"uid\":\"x\",\"product\":{\"name\":\"Keyproof evidence-service\"}}}");
        finding("{\"class_uid\":2004,\"metadata\":{\"uid\":\"log-contradiction-1\"}}");
        finding("{\"class_uid\":2004,\"metadata\":{\"uid\":\"y\",\"product\":{\"name\":\"Keyproof stream\"}}}");

        // Then
        assertThat(entries("quarantine/v1")).hasSize(2);
        assertThat(text(batch.entries().getLast())).contains("Keyproof stream");
    }

    @Test
    void anotherRecordAtAnAttestedPlaceIsKeptAndFound() throws Exception {
        // Given
        byte[] first = record("broker-1", 0, "operation", "");
        event(first);
        event(record("broker-1", 1, "operation", ""));
        batch.seal(Entries.attestation("broker-1", "epoch", 0, 2, "head"), System.nanoTime());
        int before = batch.entries().size();

        // When
        event(first);
        assertThat(batch.entries()).as("the same record again").hasSize(before);
        event(record("broker-1", 0, "operation", "other"));

        // Then
        assertThat(kept(entries("quarantine/v1").getLast())).contains("other");
        assertThat(text(batch.entries().getLast()))
                .contains("continuity-conflict-")
                .contains("Record 0 of the source broker-1 is sealed");
    }

    @Test
    void anotherRecordOfAForeignSourceIsKeptAndFound() throws Exception {
        // Given
        event(record("arn:trail", 7, "observed", ""));

        // When
        event(record("arn:trail", 7, "observed", ""));
        event(record("arn:trail", 7, "observed", "other"));

        // Then
        assertThat(batch.entries()).hasSize(3);
        assertThat(kept(entries("quarantine/v1").getLast())).contains("other");
        assertThat(text(batch.entries().getLast())).contains("continuity-conflict-");
    }

    @Test
    void recordsThatLieTooFarApartAreKeptInQuarantine() throws Exception {
        // Given
        for (long i = 0; i < Places.MOST_SCATTERED; i++) {
            event(record("arn:trail", i << 40, "observed", ""));
        }
        assertThat(entries("quarantine/v1")).isEmpty();

        // When
        byte[] last = record("arn:trail", Long.MAX_VALUE, "observed", "");
        event(last);

        // Then
        assertThat(entries("quarantine/v1"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.path("reason").asText())
                        .isEqualTo("the records of its source lie too far apart to be kept account of"));
        assertThat(kept(entries("quarantine/v1").getFirst())).isEqualTo(text(last));
        event(record("arn:trail", 1, "observed", ""));
        assertThat(entries("quarantine/v1")).as("what lies near others").hasSize(1);
    }

    @Test
    void moreFindingsThanACommitHoldsAreSealedInSeveral() throws Exception {
        // Given
        int sources = 4000;
        for (int i = 0; i < sources; i++) {
            event(record("broker-" + i, 5, "operation", ""));
        }
        batch.clear();

        // When
        int commits = 1;
        int findings = 0;
        while (!sealer.settle()) {
            assertThat(batch.entries().stream().mapToInt(entry -> entry.length).sum())
                    .isLessThan(3 << 20);
            findings += batch.entries().size();
            batch.clear();
            commits++;
        }
        findings += batch.entries().size();

        // Then
        assertThat(commits).isGreaterThan(1);
        assertThat(findings).isEqualTo(sources);
    }

    private void event(byte[] value) throws Exception {
        sealer.take(new ConsumerRecord<>(Sealer.KEY_EVENTS, 0, offset++, new byte[0], value));
    }

    private void finding(String value) throws Exception {
        sealer.take(new ConsumerRecord<>(Sealer.FINDINGS, 0, offset++, new byte[0], value.getBytes(UTF_8)));
    }

    private static byte[] record(String source, long sequence, String kind, String what) {
        return ("{\"class_uid\":6003,\"metadata\":{\"uid\":\"" + source + "-" + sequence + "\",\"source\":\"" + source
                        + "\",\"sequence\":" + sequence + "},\"message\":\"" + what
                        + "\",\"unmapped\":{\"keyproof\":{\"kind\":\"" + kind + "\",\"epoch\":\"epoch\"}}}")
                .getBytes(UTF_8);
    }

    private List<JsonNode> entries(String form) {
        Stream<JsonNode> all = batch.entries().stream().map(SealerTest::json);
        return all.filter(entry -> entry.path("keyproof").asText().equals(form)).toList();
    }

    private String kept(JsonNode quarantined) throws Exception {
        return text(artifacts.open(quarantined.path("artifact").asText()));
    }

    private static JsonNode json(byte[] entry) {
        try {
            return MAPPER.readTree(entry);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
