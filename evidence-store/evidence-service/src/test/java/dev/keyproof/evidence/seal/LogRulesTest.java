package dev.keyproof.evidence.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.keyproof.event.Severity;
import dev.keyproof.evidence.artifact.Artifacts;
import dev.keyproof.evidence.head.SealToken;
import dev.keyproof.evidence.head.TestingSeal;
import dev.keyproof.pkcs11.Token;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.policy.RuleResult;
import dev.keyproof.policy.history.SealingHistory;
import dev.keyproof.policy.history.SubjectInput;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the rules that are shipped say of a log, by the very entries that sealing makes. */
@Tag("server")
final class LogRulesTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long TIME = 1_795_478_400_000L;
    private static final long HOUR = 3_600_000;
    private static final long DAY = 24 * HOUR;

    private static Token token;
    private static PolicyBundle bundle;
    private static PolicyEngine rules;

    @TempDir
    Path dir;

    private Places places;
    private Batch batch;
    private Sealer sealer;
    private long nanos;
    private int offset;

    @BeforeAll
    static void open() throws Exception {
        token = TestingSeal.openToken(TestingSeal.makeToken());
        bundle = PolicyBundle.builtIn();
        rules = PolicyEngine.load(bundle);
    }

    @AfterAll
    static void close() throws Exception {
        token.close();
    }

    @BeforeEach
    void begin() throws Exception {
        places = Places.open(dir.resolve("places"));
        SealedState state = new SealedState(places);
        batch = new Batch(state, Map.of());
        sealer = new Sealer(
                state,
                new Artifacts(dir.resolve("artifacts"), new SealToken(token)),
                new JournalKeys(List.of()),
                batch,
                Clock.fixed(Instant.ofEpochMilli(TIME), ZoneOffset.UTC),
                () -> nanos);
        sealer.policy(bundle.bytes());
        event(0, bundle.digest(), "app");
    }

    @AfterEach
    void end() throws Exception {
        places.close();
    }

    @Test
    void aSoundLogPassesEveryRule() throws Exception {
        sealer.settle();

        assertThat(judged(HOUR))
                .hasSize(7)
                .allSatisfy((rule, verdict) -> assertThat(verdict).isEqualTo("PASS"));
    }

    @Test
    void aMissingRecordIsMissedUntilItComes() throws Exception {
        event(2, bundle.digest(), "app");
        sealer.settle();
        assertThat(judged(60_000)).as("it may be on its way").containsEntry("logging/records_whole", "PASS");
        assertThat(judged(HOUR)).containsEntry("logging/records_whole", "FAIL [\"broker-1 epoch from 1\"]");

        event(1, bundle.digest(), "app");
        sealer.settle();
        assertThat(judged(HOUR)).containsEntry("logging/records_whole", "PASS");
    }

    @Test
    void recordsThatNoHeadCoversAreMissedUntilOneDoes() throws Exception {
        nanos = Attestations.PATIENCE_NANOS + 1;
        sealer.settle();
        assertThat(judged(HOUR)).containsEntry("logging/heads_cover", "FAIL [\"broker-1 epoch from 0\"]");

        batch.seal(Entries.attestation("broker-1", "epoch", 0, 1, "head"), nanos);
        assertThat(judged(HOUR)).containsEntry("logging/heads_cover", "PASS");

        sealer.take(new ConsumerRecord<>(
                Sealer.ATTESTATIONS, 0, offset++, "broker-1".getBytes(UTF_8), "no head".getBytes(UTF_8)));
        assertThat(judged(HOUR)).containsEntry("logging/heads_cover", "FAIL [\"another-head\"]");
        assertThat(judged(31 * DAY)).containsEntry("logging/heads_cover", "PASS");
    }

    @Test
    void anotherRecordAtAPlaceIsAConflictAndSetAside() throws Exception {
        event(0, bundle.digest(), "somebody else");
        sealer.settle();

        assertThat(judged(HOUR))
                .containsEntry("logging/one_record_per_place", "FAIL [\"two-records\"]")
                .containsEntry("logging/nothing_set_aside", "FAIL [\"set-aside\"]");
        assertThat(judged(31 * DAY))
                .containsEntry("logging/one_record_per_place", "PASS")
                .containsEntry("logging/nothing_set_aside", "PASS");
    }

    @Test
    void whatAnEventLacksIsNamed() throws Exception {
        send("""
                {"class_uid":6003,"time":%d,"metadata":{"uid":"x"},"api":{"operation":"Decrypt"},"status_id":1,
                 "unmapped":{"keyproof":{"kind":"observed"}}}""".formatted(TIME));

        assertThat(judged(HOUR)).containsEntry("logging/content_complete", "FAIL [\"from\",\"where\",\"who\"]");
    }

    @Test
    void aPolicyThatDecidedIsMissedUntilItIsKept() throws Exception {
        event(1, "sha256:unknown", "app");
        assertThat(judged(HOUR)).containsEntry("logging/policy_on_record", "FAIL [\"sha256:unknown\"]");

        byte[] entry = Entries.policy("sha256:unknown", null, Instant.ofEpochMilli(TIME));
        batch.seal(entry, nanos);
        assertThat(judged(HOUR)).containsEntry("logging/policy_on_record", "PASS");
    }

    @Test
    void aWitnessThatHoldsAnotherLogIsHeard() throws Exception {
        batch.seal(
                new LogFinding(
                                "contradiction",
                                "w",
                                Severity.CRITICAL,
                                "log",
                                "Another log",
                                "It holds another log.",
                                "witnesses",
                                JsonNodeFactory.instance.objectNode())
                        .event(TIME),
                nanos);

        assertThat(judged(HOUR)).containsEntry("logging/undisputed", "FAIL [\"log-contradiction\"]");
        assertThat(judged(31 * DAY)).containsEntry("logging/undisputed", "PASS");
    }

    private void event(long sequence, String policy, String caller) throws Exception {
        send("""
                {"class_uid":6003,"time":%d,"metadata":{"uid":"e%d","source":"broker-1","sequence":%d},"status_id":1,
                 "actor":{"user":{"uid":"%s"}},"api":{"operation":"Encrypt","service":{"name":"keyproof-broker"}},
                 "src_endpoint":{"ip":"127.0.0.1"},
                 "unmapped":{"keyproof":{"kind":"operation","epoch":"epoch","decision":{"allow":true,"policy":"%s"}}}}""".formatted(TIME, sequence, sequence, caller, policy));
    }

    private void send(String event) throws Exception {
        sealer.take(new ConsumerRecord<>(Sealer.KEY_EVENTS, 0, offset++, new byte[0], event.getBytes(UTF_8)));
    }

    /** By rule, what is said so long after the events, with the faults. */
    private Map<String, String> judged(long later) throws Exception {
        SealingHistory history = SealingHistory.of(JsonNodeFactory.instance.nullNode());
        for (byte[] entry : batch.entries()) {
            history.add(MAPPER.readTree(entry), TIME);
        }
        Map<String, String> said = new TreeMap<>();
        for (RuleResult result :
                rules.evaluate(SubjectInput.of(SubjectInput.LOG, history.input("log", true), TIME + later))) {
            JsonNode faults = result.evidence().path("faults");
            said.put(result.rule(), result.status() + (faults.isEmpty() ? "" : " " + faults));
        }
        return said;
    }
}
