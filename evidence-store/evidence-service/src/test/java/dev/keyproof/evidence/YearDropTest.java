package dev.keyproof.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.testing.OcsfSchema;
import dev.keyproof.evidence.config.ConfigReader;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.testing.TestingClock;
import dev.keyproof.log.sealed.SealedLogReader;
import dev.keyproof.verify.Summary;
import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingHolds;
import dev.keyproof.verify.testing.TestingPack;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The log of a year goes whole, and later years stand as they did. The time-stamp authority's clock is the real one. */
@Tag("server")
final class YearDropTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final TestingRecords RECORDS = new TestingRecords();
    private static final Pattern PORT = Pattern.compile("event=started port=([0-9]+)");
    private static final String SOURCE = "long";

    @TempDir
    Path dir;

    private TestingHouse house;

    @BeforeEach
    void start() throws Exception {
        house = new TestingHouse(dir);
        house.policy(parameters -> parameters
                .withObject("/retention/classes")
                .properties()
                .forEach(one -> ((ObjectNode) one.getValue()).put("months", 12).put("atHandMonths", 3)));
    }

    @AfterEach
    void stop() {
        house.close();
    }

    @Test
    void aYearGoesWholeAndLaterYearsStandOnWhatRemains(@TempDir Path home) throws Exception {
        TestingClock clock = new TestingClock(Instant.parse("2024-12-31T12:00:00Z"));
        KeyPair erin = TestingAuthority.keyPair();
        List<byte[]> old = new ArrayList<>();
        String artifact;
        try (TestingJournal journal = journal()) {
            try (EvidenceService service = service(home, clock)) {
                // Given: approvers are enrolled in one year, and approve in the next, in which the journal's epoch goes
                // on
                old.addAll(journal.append(RECORDS.enrolments(erin), "run"));
                old.addAll(journal.append(10, "run"));
                send(old);
                house.kafka.send("key-events", "x", List.of("no event".getBytes(UTF_8)));
                attested(service.port(), journal, 13);
                await().atMost(PATIENCE).until(() -> !artifacts(home).isEmpty());
                artifact = artifacts(home).getFirst();
                next(service, clock, Duration.ofDays(2), 2025);
                send(journal.append(List.of(RECORDS.destruction(erin), RECORDS.carriedOut()), "run"));
                attested(service.port(), journal, 15);

                // Then: it stays until its time has passed and its end was announced
                assertThat(drop(service.port(), 2024)).contains("it is kept until 2026-01-01T00:00:00Z");
                assertThat(drop(service.port(), 2025)).contains("it still grows");
                assertThat(drop(service.port(), 1999)).contains("there is no log of 1999");
                assertThat(house.postAs(service.port(), "/v1/retention/2024:drop", "auditor"))
                        .isEqualTo(403);
                clock.pass(Duration.ofDays(340));
                await().atMost(PATIENCE)
                        .until(() -> retained(service.port(), 2024).has("noticed"));
                next(service, clock, Duration.ofDays(25), 2026);
                assertThat(drop(service.port(), 2024)).contains("30 days after that at the earliest");
                clock.pass(Duration.ofDays(6));

                // When
                JsonNode dropped = house.post(service.port(), "/v1/retention/2024:drop", "");

                // Then
                assertThat(dropped.path("state").asText())
                        .as(dropped.toString())
                        .isEqualTo("dropped");
                assertThat(home.resolve("log/2024")).doesNotExist();
                assertThat(house.status(service.port(), "/v1/artifacts/" + artifact, "operator"))
                        .isEqualTo(404);
                assertThat(house.status(service.port(), "/v1/log/2024/checkpoint", "auditor"))
                        .isEqualTo(404);
                assertThat(drop(service.port(), 2024)).contains("there is no log of 2024");
                assertLaterYearsProven(service.port(), clock);
                send(old);
                send(journal.append(5, "run"));
                attested(service.port(), journal, 20);
            }
            try (EvidenceService service = service(home, clock)) {
                // And after a restart: heads over the whole epoch hold, and nothing of the year is sealed again
                send(journal.append(5, "run"));
                attested(service.port(), journal, 25);
                assertLaterYearsProven(service.port(), clock);
                long quarantined = quarantined(service.port());
                send(old);
                await().atMost(PATIENCE).until(() -> quarantined(service.port()) == quarantined + old.size());
                assertThat(house.get(service.port(), "/v1/state")
                                .path("findings")
                                .asLong())
                        .isZero();
                assertThat(house.get(service.port(), "/v1/state")
                                .at("/sources/0/sealed")
                                .asLong())
                        .isEqualTo(25);
            }
        }
        assertThat(drops(home)).extracting(drop -> drop.path("phase").asText()).containsExactly("BEGUN", "DONE");
        assertMarksAreBelievedOnlyIfALogSaysSo(home, clock);
    }

    private void assertMarksAreBelievedOnlyIfALogSaysSo(Path home, Clock clock) throws Exception {
        Path mark = home.resolve("log/2024.dropped");
        Path away = Files.move(mark, home.resolve("away"));
        assertThatThrownBy(() -> service(home, clock))
                .isInstanceOf(EvidenceException.class)
                .hasMessageContaining("the log of 2024 was dropped, and neither it nor its mark is here");
        Files.move(away, mark);
        Files.writeString(mark, Files.readString(mark).replace("\"by\":\"someone\"", "\"by\":\"nobody\""));
        assertThatThrownBy(() -> service(home, clock))
                .isInstanceOf(EvidenceException.class)
                .hasMessageContaining("the log of 2024 is marked as dropped, and no log after it says so");
    }

    private void assertLaterYearsProven(int port, Clock clock) throws Exception {
        JsonNode next = pack(port, "{\"year\":2025}");
        Summary summary = TestingHouse.proven(next, clock);
        assertThat(summary.approvals()).isGreaterThanOrEqualTo(2);
        assertThat(summary.notes())
                .anyMatch(note -> note.contains("/2024 ended with") && note.contains("signed by 2 of its keys"));
        assertThat(files(next)).contains("log/2024/checkpoint").noneMatch(name -> name.startsWith("log/2024/tile"));
        assertThat(TestingHouse.proven(pack(port, "{\"year\":2026}"), clock).notes())
                .anyMatch(note -> note.contains("/2024 was dropped whole at the wish of someone, having been kept until"
                                + " 2026-01-01T00:00:00Z")
                        && note.contains("signed by 2 of its keys"));
    }

    @Test
    void yearAfterYearIsDroppedAlsoThoseThatSayOfOthersThatTheyWere(@TempDir Path home) throws Exception {
        TestingClock clock = new TestingClock(Instant.parse("2020-12-31T12:00:00Z"));
        try (TestingJournal journal = journal()) {
            try (EvidenceService service = service(home, clock)) {
                send(journal.append(10, "run"));
                attested(service.port(), journal, 10);
                next(service, clock, Duration.ofDays(2), 2021);
            }
            for (int year = 2020; year <= 2023; year++) {
                try (EvidenceService service = service(home, clock)) {
                    int ends = year;
                    clock.pass(Duration.between(clock.instant(), Instant.parse((year + 1) + "-12-05T12:00:00Z")));
                    await().atMost(PATIENCE)
                            .until(() -> retained(service.port(), ends).has("noticed"));
                    next(service, clock, Duration.ofDays(31), year + 2);

                    // When
                    JsonNode dropped = house.post(service.port(), "/v1/retention/" + year + ":drop", "");

                    // Then
                    assertThat(dropped.path("state").asText())
                            .as(dropped.toString())
                            .isEqualTo("dropped");
                    send(journal.append(10, "run"));
                    attested(service.port(), journal, 10L * (year - 2018));
                }
            }
            try (EvidenceService service = service(home, clock)) {
                send(journal.append(10, "run"));
                attested(service.port(), journal, 60);
                assertThat(TestingHouse.proven(pack(service.port(), "{}"), clock)
                                .notes())
                        .anyMatch(note -> note.contains("/2023 was dropped whole"));
            }
        }
    }

    @Test
    void aClockSetAheadDropsNothing(@TempDir Path home) throws Exception {
        // Given: by the real clock, and so by the authority's, no year after this one has passed
        Instant real = Clock.systemUTC().instant();
        TestingClock clock = new TestingClock(real);
        int year = real.atOffset(java.time.ZoneOffset.UTC).getYear();
        try (EvidenceService service = service(home, clock)) {
            house.kafka.send("key-events", "x", List.of("no event".getBytes(UTF_8)));
            await().atMost(PATIENCE).until(() -> quarantined(service.port()) == 1);
            clock.pass(Duration.ofDays(400));
            await().atMost(PATIENCE)
                    .until(() ->
                            house.get(service.port(), "/v1/state").path("year").asInt() > year);
            clock.pass(Duration.ofDays(366));

            // When, then
            await().atMost(PATIENCE)
                    .until(() -> retained(service.port(), year)
                            .path("state")
                            .asText()
                            .equals("ended"));
            assertThat(drop(service.port(), year)).contains("no time token says yet that " + (year + 2) + "-01-01");
        }
    }

    @Test
    void aYearThatIsHeldStays(@TempDir Path home) throws Exception {
        TestingClock clock = new TestingClock(Instant.parse("2024-12-31T12:00:00Z"));
        TestingHolds holds = new TestingHolds(new TestingPack());
        try (TestingJournal journal = journal();
                EvidenceService service = service(home, clock)) {
            String placed = holds.place(0, "P1", "matter-7", 2024, 2024);
            send(journal.append(List.of(TestingRecords.placed(placed)), "run"));
            attested(service.port(), journal, 1);
            next(service, clock, Duration.ofDays(2), 2025);
            next(service, clock, Duration.ofDays(366), 2026);

            assertThat(drop(service.port(), 2024)).contains("it is held by matter-7");
        }
    }

    @Test
    void anOpenCaseOutlivesTheYearInWhichItBeganAndHoldsNothingOfIt(@TempDir Path home) throws Exception {
        TestingClock clock = new TestingClock(Instant.parse("2024-12-31T12:00:00Z"));
        String open;
        String closed;
        String lost;
        try (EvidenceService service = service(home, clock)) {
            // Given: three cases of one year, of which one is closed, and one has an entry of that year
            await().atMost(PATIENCE).until(() -> house.status(service.port(), "/v1/records/2024/0", "auditor") == 200);
            open = opened(service.port());
            closed = opened(service.port());
            lost = opened(service.port());
            String note = audit(service.port(), "/v1/cases/" + open + "/notes", "{\"text\":\"begun in 2024\"}")
                    .path("note")
                    .asText();
            audit(service.port(), "/v1/cases/" + lost + "/records", "{\"year\":2024,\"index\":0}");
            audit(service.port(), "/v1/cases/" + closed + ":close", "");
            next(service, clock, Duration.ofDays(2), 2025);
            await().atMost(PATIENCE).until(() -> house.status(service.port(), "/v1/records/2025/0", "auditor") == 200);
            audit(service.port(), "/v1/cases/" + open + "/records", "{\"year\":2025,\"index\":0}");
            clock.pass(Duration.ofDays(340));
            await().atMost(PATIENCE).until(() -> retained(service.port(), 2024).has("noticed"));
            next(service, clock, Duration.ofDays(31), 2026);

            // When
            assertThat(house.post(service.port(), "/v1/retention/2024:drop", "")
                            .path("state")
                            .asText())
                    .isEqualTo("dropped");

            // Then
            assertThat(house.status(service.port(), "/v1/artifacts/" + note, "auditor"))
                    .isEqualTo(404);
        }
        try (EvidenceService service = service(home, clock)) {
            JsonNode told = house.get(service.port(), "/v1/cases/" + open);
            assertThat(told.path("steps"))
                    .extracting(step -> step.path("step").asText())
                    .containsExactly("opened", "noted", "attached");
            assertThat(told.at("/steps/1/erased").asBoolean()).isTrue();
            assertThat(house.status(service.port(), "/v1/cases/" + closed, "auditor"))
                    .isEqualTo(404);
            assertThat(audit(service.port(), "/v1/cases/" + open + ":close", "")
                            .path("step")
                            .asText())
                    .isEqualTo("closed");
            Summary summary = TestingHouse.proven(pack(service.port(), "{\"case\":\"" + open + "\"}"), clock);
            assertThat(summary.entries()).isEqualTo(5);
            assertThat(audit(service.port(), "/v1/packs", "{\"case\":\"" + lost + "\"}")
                            .path("detail")
                            .asText())
                    .isEqualTo("entry 0 of 2024 is attached to the case and went with the log of its year");
        }
    }

    private String opened(int port) throws Exception {
        return audit(port, "/v1/cases", "").path("id").asText();
    }

    private JsonNode audit(int port, String path, String body) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return MAPPER.readTree(http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .header("Authorization", house.bearer("auditor"))
                                    .POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body());
        }
    }

    /** @param stage what is there when the process is killed */
    @ParameterizedTest
    @ValueSource(strings = {"artifacts/remains", "log/2024.dropped"})
    void whatAKillLeavesHalfDoneIsFinished(String stage, @TempDir Path home) throws Exception {
        // Given
        TestingClock clock = new TestingClock(Instant.parse("2024-12-31T12:00:00Z"));
        try (TestingJournal journal = journal()) {
            try (EvidenceService service = service(home, clock)) {
                send(journal.append(2000, "run"));
                attested(service.port(), journal, 2000);
                next(service, clock, Duration.ofDays(2), 2025);
                clock.pass(Duration.ofDays(340));
                await().atMost(PATIENCE)
                        .until(() -> retained(service.port(), 2024).has("noticed"));
            }
            Path config = config(home);
            Process process = house.process(config, home.resolve("out-1"));
            int port = port(process, home.resolve("out-1"));
            // A process that has just started has no time token yet, and says so.
            Thread asking = Thread.ofPlatform().start(() -> {
                while (drop(port, 2024).contains("no time token")) {
                    Thread.onSpinWait();
                }
            });

            // When
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> isThere(home.resolve(stage)));
            process.destroyForcibly().waitFor();
            asking.join();

            // Then
            Process again = house.process(config, home.resolve("out-2"));
            try {
                int then = port(again, home.resolve("out-2"));
                await().atMost(PATIENCE).until(() -> {
                    if (retained(then, 2024).path("state").asText().equals("ended")) {
                        // It was killed before the intent was on record, so it is as if nobody had asked.
                        drop(then, 2024);
                    }
                    return retained(then, 2024).path("state").asText().equals("dropped")
                            && Files.notExists(home.resolve("log/2024"));
                });
                send(journal.append(5, "run"));
                attested(then, journal, 2005);
                TestingHouse.proven(pack(then, "{}"), Clock.systemUTC());
            } finally {
                again.destroyForcibly().waitFor();
            }
        }
        assertThat(drops(home)).extracting(drop -> drop.path("phase").asText()).containsExactly("BEGUN", "DONE");
    }

    private static boolean isThere(Path stage) throws IOException {
        if (!Files.isDirectory(stage)) {
            return Files.exists(stage);
        }
        try (Stream<Path> files = Files.list(stage)) {
            return files.findAny().isPresent();
        }
    }

    private static int port(Process process, Path out) {
        return await().atMost(PATIENCE)
                .until(
                        () -> {
                            assertThat(process.isAlive())
                                    .as(Files.readString(out))
                                    .isTrue();
                            Matcher port = PORT.matcher(Files.readString(out));
                            return port.find() ? Integer.parseInt(port.group(1)) : 0;
                        },
                        port -> port > 0);
    }

    /** Goes on into a year whose first entry is the end of the one before. */
    private void next(EvidenceService service, TestingClock clock, Duration time, int year) {
        clock.pass(time);
        await().atMost(PATIENCE).until(() -> {
            JsonNode state = house.get(service.port(), "/v1/state");
            return state.path("year").asInt() == year && state.path("size").asLong() >= 1;
        });
    }

    private String drop(int port, int year) {
        return house.post(port, "/v1/retention/" + year + ":drop", "").toString();
    }

    private JsonNode retained(int port, int year) {
        for (JsonNode one : house.get(port, "/v1/retention").path("years")) {
            if (one.path("year").asInt() == year) {
                return one;
            }
        }
        return MAPPER.createObjectNode();
    }

    private long quarantined(int port) {
        return house.get(port, "/v1/state").path("quarantined").asLong();
    }

    private static List<String> artifacts(Path home) throws IOException {
        if (Files.notExists(home.resolve("artifacts"))) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(home.resolve("artifacts"))) {
            return files.map(file -> Objects.toString(file.getFileName()))
                    .filter(name -> name.matches("[0-9a-f]{64}"))
                    .map(name -> "sha256:" + name)
                    .toList();
        }
    }

    private static List<JsonNode> drops(Path home) throws Exception {
        List<JsonNode> drops = new ArrayList<>();
        try (SealedLogReader log = SealedLogReader.open(home.resolve("log/2026"))) {
            for (byte[] entry : log.read(0, (int) log.durableSize())) {
                JsonNode json = MAPPER.readTree(entry);
                if (json.at("/api/operation").asText().equals("LogYearDrop")) {
                    assertThat(OcsfSchema.violations(entry)).isEmpty();
                    drops.add(json.at("/unmapped/keyproof/detail/yearDrop"));
                }
            }
        }
        return drops;
    }

    private void send(List<byte[]> records) {
        house.kafka.send("key-events", "K1", records);
    }

    private void attested(int port, TestingJournal journal, long count) throws Exception {
        house.kafka.send(
                "attestations", journal.source(), List.of(journal.head().note().bytes()));
        await().atMost(PATIENCE).until(() -> house.attested(port, SOURCE) == count);
    }

    private JsonNode pack(int port, String scope) {
        JsonNode built = house.post(port, "/v1/packs", scope);
        assertThat(built.path("verified").asBoolean()).as(built.toString()).isTrue();
        return built;
    }

    private static List<String> files(JsonNode built) throws IOException {
        try (ZipFile zip = new ZipFile(built.path("pack").asText())) {
            return zip.stream().map(ZipEntry::getName).toList();
        }
    }

    private TestingJournal journal() throws Exception {
        var bundle = dev.keyproof.verify.PolicyBundle.read(house.policy);
        TestingJournal journal = new TestingJournal(
                dir.resolve("journals"), SOURCE, bundle.digest(), String.valueOf(bundle.dataDigest()));
        Files.writeString(house.journalKeys(), journal.vkey() + "\n");
        return journal;
    }

    private Path config(Path home) throws IOException {
        return house.config(home);
    }

    private EvidenceService service(Path home, Clock clock) throws Exception {
        return EvidenceService.start(ConfigReader.read(config(home)), clock, failure -> {
            throw new AssertionError(failure);
        });
    }
}
