package dev.keyproof.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.evidence.config.ConfigReader;
import dev.keyproof.evidence.testing.PageBrowser;
import dev.keyproof.verify.PolicyBundle;
import dev.keyproof.verify.Summary;
import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingPack;
import dev.keyproof.verify.testing.TestingZip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a pack is asked to hold, it holds what this needs to be proven, wherever that was sealed. */
@Tag("server")
final class PackScopeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final TestingRecords RECORDS = new TestingRecords();

    @TempDir
    Path dir;

    private TestingHouse house;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2025-12-30T12:00:00Z"));

    @BeforeEach
    void start() throws Exception {
        house = new TestingHouse(dir);
    }

    @AfterEach
    void stop() {
        house.close();
    }

    @Test
    void anApproverEnrolledBeforeTheScopeIsEnrolledInThePack(@TempDir Path home) throws Exception {
        KeyPair erin = TestingAuthority.keyPair();
        AtomicLong from = new AtomicLong();
        try (TestingJournal journal = journal("scoped");
                EvidenceService service = service(home)) {
            // Given: carol is enrolled, and by her approval erin, and a destruction ordered, before both scopes
            send(journal, RECORDS.enrolments(erin));
            send(journal.append(10, "run"));
            attested(service, journal, 13);
            await().atMost(PATIENCE).until(() -> {
                JsonNode whole = pack(service, "{}");
                from.set(whole.path("size").asLong());
                return TestingHouse.proven(whole).approvals() == 2;
            });

            // When: erin approves, and the order is carried out
            send(journal, List.of(RECORDS.destruction(erin), RECORDS.carriedOut()));
            attested(service, journal, 15);

            // Then
            JsonNode built = pack(service, "{\"from\":" + from.get() + "}");
            Summary range = TestingHouse.proven(built);
            assertThat(range.approvals()).isEqualTo(3);
            assertThat(range.supporting()).isEqualTo(4);
            assertThat(range.notes()).noneMatch(note -> note.contains("Destructions ordered before"));
            assertThat(range.entries()).isEqualTo(built.path("size").asLong() - from.get());
            assertThat(files(built))
                    .contains("log/2025/checkpoint.from", "log/2025/consistency.json", "records.ndjson");

            // When: a year ends, and she approves once more
            now.set(Instant.parse("2026-01-02T12:00:00Z"));
            await().atMost(PATIENCE).until(() -> year(service) == 2026 && size(service) >= 1);
            send(journal, List.of(RECORDS.destruction(erin, "K2", "A3")));
            attested(service, journal, 16);

            // Then
            JsonNode next = pack(service, "{\"year\":2026}");
            Summary second = TestingHouse.proven(next);
            assertThat(second.approvals()).isEqualTo(2);
            assertThat(second.logs()).hasSize(2);
            assertThat(files(next)).contains("log/2025/checkpoint").noneMatch(name -> name.startsWith("log/2025/tile"));
            JsonNode ofKey = pack(service, "{\"year\":2026,\"key\":\"K2\"}");
            Summary key = TestingHouse.proven(ofKey);
            assertThat(key.approvals()).isEqualTo(2);
            assertThat(key.entries()).isEqualTo(1);
            sameByThePage(home, List.of(built, next, ofKey));
        }

        // And: what the service knows of the log it knows again after a restart
        try (EvidenceService service = service(home)) {
            assertThat(TestingHouse.proven(pack(service, "{\"year\":2026}")).supporting())
                    .isEqualTo(3);
            assertThat(TestingHouse.proven(pack(service, "{\"year\":2025,\"from\":" + from.get() + "}"))
                            .supporting())
                    .isEqualTo(4);
        }
    }

    @Test
    void aPackHoldsTheTimeTheActorAndTheFrameworkThatItIsAskedFor(@TempDir Path home) throws Exception {
        // Before the start: a clock that goes back keeps no heads until it is where it was.
        now.set(Instant.parse("2025-06-01T08:00:00Z"));
        try (TestingJournal journal = journal("periods");
                EvidenceService service = service(home)) {
            // Given: records and findings of one morning, of noon, of two times in the afternoon, and of the next year
            sealed(service, journal, by("alice", 3), 3);
            kept(home);
            house.kafka.send(
                    "findings", null, List.of(finding("f1", "pci-dss:3.6.1"), finding("f2", "iso-27001:8.24")));
            now.set(Instant.parse("2025-06-01T12:00:00Z"));
            sealed(service, journal, by("bob", 4), 7);
            kept(home);
            now.set(Instant.parse("2025-06-01T16:00:00Z"));
            sealed(service, journal, by("alice", 2), 9);
            kept(home);
            now.set(Instant.parse("2025-06-01T16:30:00Z"));
            sealed(service, journal, by("alice", 1), 10);
            now.set(Instant.parse("2026-01-02T12:00:00Z"));
            await().atMost(PATIENCE).until(() -> year(service) == 2026 && size(service) >= 1);
            sealed(service, journal, by("alice", 1), 11);

            // Then
            JsonNode noon = pack(service, "{\"since\":\"2025-06-01T11:00:00Z\",\"until\":\"2025-06-01T13:00:00Z\"}");
            assertThat(manifest(noon).path("scope").path("since").asText()).isEqualTo("2025-06-01T11:00:00Z");
            assertThat(manifest(noon).at("/scope/from").asLong()).isPositive();
            assertThat(manifest(noon).at("/scope/to").asLong())
                    .isBetween(10L, manifest(noon).at("/logs/0/size").asLong() - 1);
            assertThat(TestingHouse.proven(noon).notes())
                    .noneMatch(note -> note.contains("no signed head in the pack covers"));
            assertThat(files(noon)).contains("log/2025/checkpoint.from", "log/2025/consistency.json");
            JsonNode alice = pack(service, "{\"years\":[2025,2026],\"actor\":\"alice\"}");
            assertThat(TestingHouse.proven(alice).entries()).isEqualTo(7);
            JsonNode bob = pack(service, "{\"year\":2025,\"actor\":\"bob\",\"from\":2}");
            assertThat(TestingHouse.proven(bob).entries()).isEqualTo(4);
            JsonNode pci = pack(service, "{\"years\":[2025,2026],\"framework\":\"pci-dss\"}");
            assertThat(text(pci, "results/findings.ndjson")).contains("\"f1\"").doesNotContain("\"f2\"");
            assertThat(text(pci, "results/oscal/assessment-results.json"))
                    .contains("pci-dss:3.6.1")
                    .doesNotContain("iso-27001");
            assertThat(TestingHouse.proven(pci).logs()).hasSize(2);
            sameByThePage(home, List.of(noon, alice, bob, pci));
            for (String wrong : List.of(
                    "{\"sicne\":\"2025-06-01T11:00:00Z\"}",
                    "{\"since\":\"yesterday\"}",
                    "{\"since\":\"2025-06-01T11:00:00Z\",\"year\":2025}",
                    "{\"from\":\"3\"}",
                    "{\"to\":99999}",
                    "{\"years\":[2026,2025]}",
                    "{\"key\":\"K1\",\"actor\":\"alice\"}")) {
                assertThat(house.post(service.port(), "/v1/packs", wrong)
                                .path("status")
                                .asInt())
                        .as(wrong)
                        .isEqualTo(409);
            }
        }
    }

    /** Waits until a head is kept of this time: it is published a moment before. */
    private void kept(Path home) {
        Instant time = Objects.requireNonNull(now.get());
        Path heads = home.resolve("evidence/heads/2025");
        await().atMost(PATIENCE).until(() -> Files.isDirectory(heads));
        await().atMost(PATIENCE).until(() -> {
            try (Stream<Path> files = Files.list(heads)) {
                return files.anyMatch(file -> file.toString().endsWith("-" + time.getEpochSecond() + ".checkpoint"));
            }
        });
    }

    /** Appends, attests, and waits until a head is kept, at most one of which is in an hour. */
    private void sealed(
            EvidenceService service, TestingJournal journal, List<UnaryOperator<String>> records, long count)
            throws Exception {
        send(journal, records);
        attested(service, journal, count);
        long size = size(service);
        await().atMost(PATIENCE)
                .until(() -> house.get(service.port(), "/v1/state")
                        .path("checkpoint")
                        .asText()
                        .lines()
                        .skip(1)
                        .findFirst()
                        .filter(line -> Long.parseLong(line) >= size)
                        .isPresent());
    }

    private static List<UnaryOperator<String>> by(String actor, int count) {
        return Collections.nCopies(
                count,
                record -> record.replace("\"api\":", "\"actor\":{\"user\":{\"uid\":\"" + actor + "\"}},\"api\":"));
    }

    private static byte[] finding(String uid, String control) {
        return TestingPack.COMPLIANCE
                .replace("\"uid\":\"f\"", "\"uid\":\"" + uid + "\"")
                .replace("pci-dss:3.6.1", control)
                .getBytes(UTF_8);
    }

    private static JsonNode manifest(JsonNode built) throws IOException {
        return MAPPER.readTree(text(built, "manifest.json"));
    }

    private static String text(JsonNode built, String file) throws IOException {
        return new String(
                TestingZip.file(Files.readAllBytes(Path.of(built.path("pack").asText())), file), UTF_8);
    }

    /** The page in the pack finds nothing wrong either. */
    private static void sameByThePage(Path home, List<JsonNode> packs) throws IOException {
        try (PageBrowser browser = new PageBrowser()) {
            for (JsonNode one : packs) {
                Path pack = Path.of(one.path("pack").asText());
                Path page = Files.write(
                        home.resolve("verify.html"), TestingZip.file(Files.readAllBytes(pack), "verify.html"));
                PageBrowser.Said said =
                        browser.check(page, pack, Path.of(one.path("trust").asText()), shown -> {});
                assertThat(said.title()).as(said.text()).isEqualTo("Consistent with the trust file");
            }
            assertThat(browser.faults()).isEmpty();
        }
    }

    private static List<String> files(JsonNode built) throws IOException {
        try (ZipFile zip = new ZipFile(built.path("pack").asText())) {
            return zip.stream().map(ZipEntry::getName).toList();
        }
    }

    private void send(TestingJournal journal, List<UnaryOperator<String>> records) throws Exception {
        send(journal.append(records, "run"));
    }

    private void send(List<byte[]> records) {
        house.kafka.send("key-events", "K1", records);
    }

    private void attested(EvidenceService service, TestingJournal journal, long count) throws Exception {
        house.kafka.send(
                "attestations", journal.source(), List.of(journal.head().note().bytes()));
        await().atMost(PATIENCE).until(() -> house.attested(service, journal.source()) == count);
    }

    private JsonNode pack(EvidenceService service, String scope) {
        JsonNode built = house.post(service.port(), "/v1/packs", scope);
        assertThat(built.path("verified").asBoolean()).as(built.toString()).isTrue();
        return built;
    }

    private long size(EvidenceService service) {
        return house.get(service.port(), "/v1/state").path("size").asLong();
    }

    private int year(EvidenceService service) {
        return house.get(service.port(), "/v1/state").path("year").asInt();
    }

    private TestingJournal journal(String source) throws Exception {
        PolicyBundle bundle = PolicyBundle.read(house.policy);
        TestingJournal journal = new TestingJournal(
                dir.resolve("journals"), source, bundle.digest(), String.valueOf(bundle.dataDigest()));
        Files.writeString(
                house.journalKeys(),
                journal.vkey() + "\n",
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.APPEND);
        return journal;
    }

    private EvidenceService service(Path home) throws Exception {
        return EvidenceService.start(ConfigReader.read(house.config(home)), clock(), failure -> {
            throw new AssertionError(failure);
        });
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return Objects.requireNonNull(now.get());
            }
        };
    }
}
