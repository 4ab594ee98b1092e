package dev.keyproof.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.testing.OcsfSchema;
import dev.keyproof.evidence.config.ConfigReader;
import dev.keyproof.evidence.testing.TestingClock;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.policy.PolicyBundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ends is listed, and announced in the log before it does. */
@Tag("server")
final class RetentionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    static Path dir;

    private static TestingHouse house;

    @BeforeAll
    static void start() throws Exception {
        house = new TestingHouse(dir);
        house.policy(parameters -> {
            ObjectNode classes = parameters.withObject("/retention/classes");
            classes.properties().forEach(one -> ((ObjectNode) one.getValue()).put("months", 1));
            classes.withObject("/operation").put("months", 12).put("atHandMonths", 30);
        });
    }

    @AfterAll
    static void stop() {
        house.close();
    }

    @Test
    void anEndIsAnnouncedOnceBeforeItComes(@TempDir Path home) throws Exception {
        TestingClock clock = new TestingClock(Instant.parse("2025-12-31T23:59:50Z"));
        try (EvidenceService service = service(home, clock)) {
            house.kafka.send("key-events", null, List.of("not an event".getBytes(UTF_8)));
            await().atMost(PATIENCE).until(() -> size(service) >= 1);
            assertThat(years(service)).singleElement().satisfies(year -> {
                assertThat(year.path("state").asText()).isEqualTo("open");
                assertThat(year.path("ends").asText()).isEqualTo("2027-01-01T00:00:00Z");
                assertThat(year.path("atHandUntil").asText()).isEqualTo("2028-07-01T00:00:00Z");
            });

            clock.pass(Duration.ofDays(334));
            await().atMost(PATIENCE).until(() -> years(service).size() == 2 && size(service) >= 1);
            JsonNode kept = years(service).getFirst();
            assertThat(kept.path("state").asText()).isEqualTo("kept");
            assertThat(kept.has("noticed")).isFalse();

            // When
            clock.pass(Duration.ofDays(2));

            // Then
            await().atMost(PATIENCE).until(() -> years(service).getFirst().has("noticed"));
        }
        clock.pass(Duration.ofDays(60));
        try (EvidenceService service = service(home, clock)) {
            await().atMost(PATIENCE).until(() -> years(service).size() == 3 && size(service) >= 1);
            JsonNode ended = years(service).getFirst();
            assertThat(ended.path("state").asText()).isEqualTo("ended");
            assertThat(Instant.parse(ended.path("noticed").asText()))
                    .isBetween(Instant.parse("2026-12-02T00:00:00Z"), Instant.parse("2026-12-03T00:00:00Z"));
        }
        assertThat(notices(home, 2026)).singleElement().satisfies(notice -> {
            assertThat(notice.path("year").asInt()).isEqualTo(2025);
            assertThat(notice.path("ends").asText()).isEqualTo("2027-01-01T00:00:00Z");
            assertThat(notice.path("heldBy")).isEmpty();
        });
        assertThat(notices(home, 2027)).isEmpty();
    }

    @Test
    void whatIsPutInPlaceWhileItRunsCounts(@TempDir Path home) throws Exception {
        Path bundle = Files.write(home.resolve("bundle.tar.gz"), Files.readAllBytes(house.access()));
        Path config = house.config(home);
        Files.writeString(
                config, Files.readString(config).replace(house.access().toString(), bundle.toString()));
        try (EvidenceService service = start(config, Clock.systemUTC())) {
            assertThat(house.get(service.port(), "/v1/retention")
                            .at("/policy/classes/operation/months")
                            .asInt())
                    .isEqualTo(12);

            Files.write(bundle, PolicyBundle.builtIn().bytes());

            JsonNode policy = house.get(service.port(), "/v1/retention").path("policy");

            assertThat(policy.path("noticeDays").asInt()).isEqualTo(30);
            assertThat(policy.at("/classes/operation/months").asInt()).isEqualTo(72);
            assertThat(house.status(service.port(), "/v1/retention", "visitor")).isEqualTo(403);
            assertThat(house.status(service.port(), "/v1/holds", "visitor")).isEqualTo(403);
        }
    }

    private static List<JsonNode> years(EvidenceService service) {
        List<JsonNode> years = new ArrayList<>();
        house.get(service.port(), "/v1/retention").path("years").forEach(years::add);
        return years;
    }

    private static long size(EvidenceService service) {
        return house.get(service.port(), "/v1/state").path("size").asLong();
    }

    private static List<JsonNode> notices(Path home, int year) throws Exception {
        List<JsonNode> notices = new ArrayList<>();
        try (SealedLog log = SealedLog.open(
                home.resolve("log/" + year),
                "keyproof/log/" + TestingHouse.name(home) + "/" + year,
                LogOptions.DEFAULTS)) {
            for (byte[] entry : log.read(0, (int) log.size())) {
                JsonNode json = new ObjectMapper().readTree(entry);
                if (json.at("/api/operation").asText().equals("LogRetentionNotice")) {
                    assertThat(OcsfSchema.violations(entry)).isEmpty();
                    notices.add(json.at("/unmapped/keyproof/detail/retention"));
                }
            }
        }
        return notices;
    }

    private static EvidenceService service(Path home, Clock clock) throws Exception {
        return start(house.config(home), clock);
    }

    private static EvidenceService start(Path config, Clock clock) throws Exception {
        return EvidenceService.start(ConfigReader.read(config), clock, failure -> {
            throw new AssertionError(failure);
        });
    }
}
