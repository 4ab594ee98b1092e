package dev.keyproof.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.evidence.config.ConfigReader;
import dev.keyproof.evidence.testing.TestingClock;
import dev.keyproof.verify.PolicyBundle;
import dev.keyproof.verify.testing.TestingHolds;
import dev.keyproof.verify.testing.TestingPack;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Legal holds from a broker's journal to the answer of the evidence service, and into packs. */
@Tag("server")
final class HoldsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    static Path dir;

    private static TestingHouse house;
    private static PolicyBundle policy;
    private static final TestingPack TESTING = new TestingPack();
    private static final TestingHolds HOLDS = new TestingHolds(TESTING);

    @BeforeAll
    static void start() throws Exception {
        house = new TestingHouse(dir);
        byte[] bundle = TestingHouse.packs(parameters -> {
            for (String operation : List.of("PlaceLegalHold", "ReleaseLegalHold")) {
                parameters
                        .withObject("/quorums/" + operation)
                        .put("approvers", 1)
                        .put("role", "custodian");
            }
        });
        Files.write(dir.resolve("holds.tar.gz"), bundle);
        policy = PolicyBundle.read(bundle);
        ObjectNode approvers = MAPPER.createObjectNode();
        ArrayNode keys = approvers.putArray("keys");
        TESTING.trust().approvers().forEach((id, jwk) -> keys.add(jwk.deepCopy().put("kid", id)));
        Files.writeString(dir.resolve("approvers.json"), approvers.toString());
    }

    @AfterAll
    static void stop() {
        house.close();
    }

    @Test
    void aHoldOutlivesRestartsAndYearsUntilAQuorumReleasesIt(@TempDir Path home) throws Exception {
        TestingClock clock = new TestingClock(Instant.parse("2025-12-31T23:59:50Z"));
        try (TestingJournal journal =
                new TestingJournal(dir, "broker-7", policy.digest(), String.valueOf(policy.dataDigest()))) {
            Files.writeString(house.journalKeys(), journal.vkey() + "\n");
            try (EvidenceService service = service(home, clock)) {
                // When a hold is placed
                send(journal, HOLDS.place(0, "P1", "matter-7", 2025, 2027));

                // Then
                await().atMost(PATIENCE).until(() -> approved(holds(service)));
                JsonNode answer = holds(service);
                assertThat(answer.path("flaws")).isEmpty();
                assertThat(answer.at("/holds/0/hold").asText()).isEqualTo("matter-7");
                assertThat(answer.at("/holds/0/toYear").asInt()).isEqualTo(2027);
                assertThat(carried(service, 2025)).isEqualTo(answer.path("holds"));

                // When the year ends
                clock.pass(Duration.ofSeconds(11));
                await().atMost(PATIENCE)
                        .until(() -> house.get(service.port(), "/v1/state")
                                        .path("year")
                                        .asInt()
                                == 2026);
                await().atMost(PATIENCE)
                        .until(() -> house.get(service.port(), "/v1/state")
                                        .path("size")
                                        .asLong()
                                >= 1);

                // Then the new year's pack tells of it by itself
                assertThat(carried(service, 2026)).isEqualTo(answer.path("holds"));
            }
            try (EvidenceService service = service(home, clock)) {
                assertThat(approved(holds(service))).isTrue();
                assertThat(erase(service)).contains("nothing is erased while legal holds are in force: matter-7");

                // When somebody releases it with what was approved for another
                send(
                        journal,
                        HOLDS.release(1, "R1", "matter-8").replace("\"hold\":\"matter-8\"", "\"hold\":\"matter-7\""));

                // Then it holds, and that is a finding
                await().atMost(PATIENCE)
                        .until(() -> !holds(service).path("flaws").isEmpty());
                assertThat(holds(service).path("holds")).hasSize(1);
                assertThat(holds(service).at("/flaws/0/reason").asText()).contains("other parameters");
                await().atMost(PATIENCE)
                        .until(() -> house.get(service.port(), "/v1/state")
                                        .path("findings")
                                        .asLong()
                                > 0);

                send(journal, HOLDS.release(2, "R2", "matter-7"));
                await().atMost(PATIENCE)
                        .until(() -> holds(service).path("holds").isEmpty());
            }
        }
    }

    @Test
    void aCaseSaysWhatHoldsWhatItNeeds(@TempDir Path home) throws Exception {
        TestingClock clock = new TestingClock(Instant.parse("2026-11-01T12:00:00Z"));
        try (TestingJournal journal =
                        new TestingJournal(dir, "broker-8", policy.digest(), String.valueOf(policy.dataDigest()));
                EvidenceService service = service(home, clock, journal)) {
            send(journal, HOLDS.place(0, "P8", "matter-9", 2026, 2026));
            await().atMost(PATIENCE).until(() -> named(service, "matter-9"));
            String path =
                    "/v1/cases/" + ask(service, "/v1/cases", "{}").path("id").asText();

            // When
            assertThat(ask(service, path + "/holds", "{\"hold\":\"matter-8\"}")
                            .path("type")
                            .asText())
                    .endsWith(":hold-not-in-force");
            // Its record is sealed at once, and a moment later a signed head covers it.
            JsonNode held = await().atMost(PATIENCE)
                    .until(
                            () -> ask(service, path + "/holds", "{\"hold\":\"matter-9\"}"),
                            answer -> !answer.path("type").asText().endsWith(":not-sealed"));
            assertThat(held.path("step").asText()).as(held.toString()).isEqualTo("held");

            // Then: the case says so, and its pack carries the hold with its approval
            JsonNode told = house.get(service.port(), path);
            assertThat(told.at("/holds/0/hold").asText()).isEqualTo("matter-9");
            assertThat(told.path("yearsNotHeld")).isEmpty();
            JsonNode built =
                    ask(service, "/v1/packs", "{\"case\":\"" + told.path("id").asText() + "\"}");
            assertThat(built.path("verified").asBoolean()).as(built.toString()).isTrue();
            assertThat(inPack(built)).isEqualTo(told.path("holds"));

            // When a quorum releases it, then the case says that nothing holds it
            send(journal, HOLDS.release(1, "R8", "matter-9"));
            await().atMost(PATIENCE).until(() -> !named(service, "matter-9"));
            JsonNode free = house.get(service.port(), path);
            assertThat(free.path("holds")).isEmpty();
            assertThat(free.at("/yearsNotHeld/0").asInt()).isEqualTo(2026);
            assertThat(free.at("/steps/1/hold").asText()).isEqualTo("matter-9");
        }
    }

    /** Whether a hold is in force by a sound approval; those of other tests may be as well. */
    private static boolean named(EvidenceService service, String hold) {
        for (JsonNode one : holds(service).path("holds")) {
            if (one.path("hold").asText().equals(hold)) {
                return one.path("approved").asBoolean();
            }
        }
        return false;
    }

    private static EvidenceService service(Path home, Clock clock, TestingJournal journal) throws Exception {
        Files.writeString(house.journalKeys(), journal.vkey() + "\n");
        return service(home, clock);
    }

    private static JsonNode ask(EvidenceService service, String path, String body) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return MAPPER.readTree(http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
                                    .header("Authorization", house.bearer("auditor"))
                                    .POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body());
        }
    }

    private static JsonNode holds(EvidenceService service) {
        return house.get(service.port(), "/v1/holds");
    }

    /** What is said to whoever erases somebody unknown. */
    private static String erase(EvidenceService service) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + "/v1/people/a-17"))
                                    .header("Authorization", house.bearer("operator"))
                                    .method("DELETE", HttpRequest.BodyPublishers.ofString("{\"reason\":\"asked\"}"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private static boolean approved(JsonNode holds) {
        return holds.path("holds").size() == 1 && holds.at("/holds/0/approved").asBoolean();
    }

    /** What a pack of a year says. */
    private static JsonNode carried(EvidenceService service, int year) throws Exception {
        JsonNode built = house.post(service.port(), "/v1/packs", "{\"year\":" + year + "}");
        assertThat(built.path("verified").asBoolean()).as(built.toString()).isTrue();
        return inPack(built);
    }

    private static JsonNode inPack(JsonNode built) throws Exception {
        try (ZipFile zip = new ZipFile(built.path("pack").asText())) {
            return MAPPER.readTree(zip.getInputStream(zip.getEntry("retention/holds.json")))
                    .path("holds");
        }
    }

    private static void send(TestingJournal journal, String said) throws Exception {
        house.kafka.send("key-events", null, journal.append(List.of(record -> with(record, said)), "holds"));
        house.kafka.send(
                "attestations", journal.source(), List.of(journal.head().note().bytes()));
    }

    /** The journal's record, saying what another says. */
    private static String with(String record, String said) {
        try {
            ObjectNode whole = (ObjectNode) MAPPER.readTree(record);
            JsonNode other = MAPPER.readTree(said);
            whole.set("api", other.path("api"));
            whole.set("resources", other.path("resources"));
            ObjectNode extension = (ObjectNode) whole.path("unmapped").path("keyproof");
            extension.set("detail", other.path("unmapped").path("keyproof").path("detail"));
            ObjectNode decision =
                    other.path("unmapped").path("keyproof").path("decision").deepCopy();
            decision.put("policy", policy.digest()).put("data", policy.dataDigest());
            extension.set("decision", decision);
            return whole.toString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static EvidenceService service(Path home, Clock clock) throws Exception {
        Path config = house.config(home);
        Files.writeString(
                config,
                Files.readString(config)
                                .replace(
                                        dir.resolve("bundle.tar.gz").toString(),
                                        dir.resolve("holds.tar.gz").toString())
                        + "approvers: " + dir.resolve("approvers.json") + "\napprovalAudience: keyproof\n",
                UTF_8);
        return EvidenceService.start(ConfigReader.read(config), clock, failure -> {
            throw new AssertionError(failure);
        });
    }
}
