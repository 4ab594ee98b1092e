package dev.keyproof.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.event.testing.OcsfSchema;
import dev.keyproof.evidence.config.ConfigReader;
import dev.keyproof.evidence.seal.LogEvents;
import dev.keyproof.log.FsckReport;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.log.sealed.SealedLogReader;
import dev.keyproof.verify.PackVerifier;
import dev.keyproof.verify.TrustFile;
import dev.keyproof.verify.Verdict;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person and an artifact are erased; every proof stays whole. */
@Tag("server")
final class ErasureTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String PERSON = "{\"name\":\"Ada Lovelace\",\"mail\":\"ada@example.org\"}";

    @TempDir
    static Path dir;

    @TempDir
    Path home;

    private static TestingHouse house;

    private final ObjectMapper mapper = new ObjectMapper();

    private record Said(int status, String body) {}

    @BeforeAll
    static void start() throws Exception {
        house = new TestingHouse(dir);
    }

    @AfterAll
    static void stop() {
        house.close();
    }

    @Test
    void aPersonAndAnArtifactAreErasedAndEveryProofStaysWhole() throws Exception {
        Path before;
        Path anchor;
        String artifact;
        try (EvidenceService service = service()) {
            // Given: a name in the directory, and one in what was quarantined; a pack of before
            assertThat(ask(service, "PUT", "/v1/people/a-17", "operator", PERSON).status)
                    .isEqualTo(200);
            house.kafka.send("key-events", null, List.of("this is no event, says Ada Lovelace".getBytes(UTF_8)));
            await().atMost(PATIENCE).until(() -> !quarantined().isEmpty());
            artifact = quarantined().getLast().path("artifact").asText();
            assertThat(ask(service, "GET", "/v1/people/a-17", "auditor", "").body)
                    .contains("Ada Lovelace");
            assertThat(ask(service, "GET", "/v1/artifacts/" + artifact, "auditor", "").body)
                    .isEqualTo("this is no event, says Ada Lovelace");
            JsonNode built = house.post(service.port(), "/v1/packs", "{}");
            before = Files.copy(Path.of(built.path("pack").asText()), dir.resolve("before.zip"));
            anchor = Files.copy(Path.of(built.path("trust").asText()), dir.resolve("before.trust"));
            List<Path> keys = keyFiles();
            assertThat(keys).hasSize(2);

            // When
            assertThat(ask(service, "DELETE", "/v1/people/a-17", "operator", "{}").body)
                    .contains("why it is erased is said");
            Said person =
                    ask(service, "DELETE", "/v1/people/a-17", "operator", "{\"reason\":\"asked to be forgotten\"}");
            assertThat(person.status).as(person.body).isEqualTo(200);
            Said thing =
                    ask(service, "DELETE", "/v1/artifacts/" + artifact, "operator", "{\"reason\":\"holds a name\"}");
            assertThat(thing.status).as(thing.body).isEqualTo(200);

            // Then: nobody reads them again
            assertThat(keys).noneMatch(Files::exists);
            assertThat(ask(service, "GET", "/v1/people/a-17", "auditor", "").status)
                    .isEqualTo(404);
            assertThat(ask(service, "GET", "/v1/artifacts/" + artifact, "auditor", "").status)
                    .isEqualTo(404);
            assertThat(ask(service, "DELETE", "/v1/people/a-17", "operator", "{\"reason\":\"again\"}").status)
                    .isEqualTo(409);
            // And every proof is whole: the pack of before, a new one, the log
            assertThat(verify(before, anchor)).isInstanceOf(Verdict.Proven.class);
            JsonNode after = house.post(service.port(), "/v1/packs", "{}");
            assertThat(verify(
                            Path.of(after.path("pack").asText()),
                            Path.of(after.path("trust").asText())))
                    .isInstanceOf(Verdict.Proven.class);
        }
        FsckReport report = SealedLog.fsck(home.resolve("log").resolve(year()), List.of());
        assertThat(report.faults()).isEmpty();
        List<JsonNode> erasures = erasures();
        assertThat(erasures)
                .extracting(one -> one.path("subject").asText())
                .containsExactly("a-17", "a-17", artifact, artifact);
        assertThat(erasures)
                .extracting(one -> one.path("phase").asText())
                .containsExactly("BEGUN", "DONE", "BEGUN", "DONE");
        assertThat(erasures.getFirst().path("by").asText()).isEqualTo("someone");
        assertThat(erasures.getFirst().path("reason").asText()).isEqualTo("asked to be forgotten");
    }

    @Test
    void whatACrashLeftHalfDoneIsFinishedAtTheNextStart() throws Exception {
        Path person = home.resolve("evidence/people/622d33");
        try (EvidenceService service = service()) {
            ask(service, "PUT", "/v1/people/b-3", "operator", PERSON);
        }
        assertThat(person).exists();
        String origin = "keyproof/log/" + TestingHouse.name(home) + "/" + year();
        try (SealedLog log = SealedLog.open(home.resolve("log").resolve(year()), origin, LogOptions.DEFAULTS)) {
            byte[] intent = new LogEvents(Clock.systemUTC())
                    .erasure(origin, "half-done", "PERSON", "b-3", "asked", "someone", LogEvents.ErasurePhase.BEGUN);
            log.append(List.of(intent), log.positions()).get();
        }

        try (EvidenceService service = service()) {
            await().atMost(PATIENCE).until(() -> erasures().size() == 2);
            assertThat(person).doesNotExist();
            assertThat(ask(service, "GET", "/v1/people/b-3", "auditor", "").status)
                    .isEqualTo(404);
        }
        assertThat(erasures()).extracting(one -> one.path("phase").asText()).containsExactly("BEGUN", "DONE");
    }

    private EvidenceService service() throws Exception {
        return EvidenceService.start(ConfigReader.read(house.config(home)), Clock.systemUTC(), failure -> {
            throw new AssertionError(failure);
        });
    }

    private static Said ask(EvidenceService service, String method, String path, String role, String body)
            throws Exception {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
                        .header("Authorization", house.bearer(role))
                        .method(
                                method,
                                body.isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return new Said(answer.statusCode(), answer.body());
    }

    private static Verdict verify(Path pack, Path anchor) throws Exception {
        return new PackVerifier(Clock.systemUTC()).verify(pack, TrustFile.parse(Files.readString(anchor)), false);
    }

    /** Keys of what can be erased. */
    private List<Path> keyFiles() throws Exception {
        try (Stream<Path> files = Files.walk(home)) {
            return files.filter(Files::isRegularFile)
                    .filter(file ->
                            file.toString().endsWith(".key") || file.toString().contains("/people/"))
                    .toList();
        }
    }

    private List<JsonNode> entries() throws Exception {
        List<JsonNode> entries = new ArrayList<>();
        try (SealedLogReader log = SealedLogReader.open(home.resolve("log").resolve(year()))) {
            for (byte[] entry : log.read(0, Math.toIntExact(log.durableSize()))) {
                entries.add(mapper.readTree(entry));
            }
        }
        return entries;
    }

    private List<JsonNode> quarantined() throws Exception {
        return entries().stream()
                .filter(entry -> entry.path("keyproof").asText().equals("quarantine/v1"))
                .toList();
    }

    private List<JsonNode> erasures() throws Exception {
        List<JsonNode> erasures = new ArrayList<>();
        for (JsonNode entry : entries()) {
            if (entry.at("/api/operation").asText().equals("LogErasure")) {
                assertThat(OcsfSchema.violations(mapper.writeValueAsBytes(entry)))
                        .isEmpty();
                erasures.add(entry.at("/unmapped/keyproof/detail/erasure"));
            }
        }
        return erasures;
    }

    private static String year() {
        return Year.now(ZoneOffset.UTC).toString();
    }
}
