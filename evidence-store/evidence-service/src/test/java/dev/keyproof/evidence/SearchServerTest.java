package dev.keyproof.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.evidence.config.ConfigReader;
import dev.keyproof.evidence.testing.TestingOpenSearch;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.InclusionProof;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLogReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Entries are found by a real OpenSearch, and nothing that it says is believed. */
@Tag("server")
class SearchServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path dir;

    private static TestingHouse house;
    private static TestingOpenSearch opensearch;
    private static EvidenceService service;
    private final ObjectMapper mapper = new ObjectMapper();

    @BeforeAll
    static void start() throws Exception {
        opensearch = new TestingOpenSearch();
        house = new TestingHouse(dir);
        Path config = house.config(dir.resolve("home"));
        Files.writeString(config, "search: {url: \"" + opensearch.url() + "\"}\n", StandardOpenOption.APPEND);
        service = EvidenceService.start(ConfigReader.read(config), Clock.systemUTC(), failure -> {
            throw new AssertionError(failure);
        });
    }

    @AfterAll
    static void stop() throws Exception {
        service.close();
        house.close();
        opensearch.close();
    }

    @Test
    void findsByEachFieldAndProvesEachHit() throws Exception {
        seal(3, "K-ONE", "ann", 1_700_000_000_000L);
        seal(2, "K-TWO", "bob", 1_800_000_000_000L);

        assertThat(found("key=K-ONE")).hasSize(3);
        assertThat(found("key=K-ONE&actor=bob")).isEmpty();
        assertThat(found("actor=bob&operation=Sign")).hasSize(2);
        assertThat(found("control=PCI-DSS%3A3.6.1&key=K-TWO")).hasSize(2);
        assertThat(found("key=K-ONE&since=2023-11-14T22:13:20Z&until=2023-11-14T22:13:20.001Z"))
                .hasSize(3);
        assertThat(found("key=K-ONE&since=2023-11-14T22:13:20.001Z")).isEmpty();
        assertThat(found("key=k-one")).isEmpty();

        JsonNode page = find("key=K-ONE");
        for (JsonNode record : page.path("records")) {
            String head = page.path("heads")
                    .path(record.path("year").asText() + "/"
                            + record.path("size").asText())
                    .asText();
            assertProven(record, head);
            JsonNode one = house.get(
                    service.port(),
                    "/v1/records/" + record.path("year").asText() + "/"
                            + record.path("index").asText());
            assertProven(one, one.path("checkpoint").asText());
            assertThat(one.at("/record/entry")).isEqualTo(record.at("/record/entry"));
        }
        assertThat(house.status(service.port(), "/v1/records/2026/999999999", "auditor"))
                .isEqualTo(404);
        assertThat(house.status(service.port(), "/v1/records?limit=0", "auditor"))
                .isEqualTo(409);
        assertThat(house.status(service.port(), "/v1/records?after=x", "auditor"))
                .isEqualTo(409);
        assertThat(house.status(service.port(), "/v1/records?since=yesterday", "auditor"))
                .isEqualTo(409);
        assertThat(house.status(service.port(), "/v1/records", "application")).isEqualTo(403);
        assertThat(found("operation=FindRecords"))
                .isNotEmpty()
                .allSatisfy(record ->
                        assertThat(record.at("/entry/actor/user/uid").asText()).isEqualTo("someone"));
    }

    @Test
    void findsTheEntriesOfACase() throws Exception {
        seal(2, "K-CASE", "ann", 1_700_000_000_000L);
        JsonNode attached = found("key=K-CASE").getFirst();
        String id = asAuditor("/v1/cases", "{}").path("id").asText();
        asAuditor(
                "/v1/cases/" + id + "/records",
                "{\"year\":" + attached.path("year") + ",\"index\":" + attached.path("index") + "}");

        await().atMost(PATIENCE).until(() -> found("case=" + id).size() == 3);
        assertThat(found("case=" + id))
                .extracting(record -> record.at("/entry/api/operation").asText())
                .containsExactly("Sign", "LogCase", "LogCase");
        assertThat(found("case=" + id + "&key=K-CASE"))
                .extracting(SearchServerTest::id)
                .containsExactly(id(attached));
        assertThat(found("case=" + id + "&operation=LogCase&actor=someone")).hasSize(2);
        assertThat(find("case=none").path("status").asInt()).isEqualTo(409);
        as("carla", "GET", "/v1/records?case=" + id, "");
        await().atMost(PATIENCE)
                .until(() -> !found("actor=carla&operation=FindRecords").isEmpty());
        assertThat(found("actor=carla&operation=FindRecords")
                        .getFirst()
                        .at("/entry/unmapped/keyproof/detail/access/scope/case")
                        .asText())
                .isEqualTo(id);

        // When somebody alters what the index says of the attached record, it is not believed
        opensearch.send(
                "POST",
                "/keyproof-sealed/_update/" + id(attached) + "?refresh=true",
                "{\"doc\":{\"actor\":\"mallory\"}}");
        JsonNode page = find("case=" + id + "&key=K-CASE");
        assertThat(page.path("records")).isEmpty();
        assertThat(page.path("contradicted").asInt()).isEqualTo(1);
    }

    private JsonNode asAuditor(String path, String body) throws Exception {
        return as("someone", "POST", path, body);
    }

    private JsonNode as(String subject, String method, String path, String body) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return mapper.readTree(http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
                                    .header("Authorization", house.bearer(subject, "auditor"))
                                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body());
        }
    }

    @Test
    void pagesStayWhileTheLogGrows() throws Exception {
        seal(25, "K-PAGED", "ann", 1_700_000_000_000L);
        List<Long> indices = new ArrayList<>();

        String after = "";
        for (int pages = 0; pages < 3; pages++) {
            JsonNode page = find("key=K-PAGED&limit=10" + after);
            page.path("records")
                    .forEach(record -> indices.add(record.path("index").asLong()));
            after = "&after=" + page.path("next").asText();
            assertThat(page.has("next")).isEqualTo(pages < 2);
            send(5, "K-PAGED", "ann", 1_600_000_000_000L);
            int more = 25 + 5 * (pages + 1);
            await().atMost(PATIENCE).until(() -> found("key=K-PAGED&limit=100").size() == more);
        }

        assertThat(indices).hasSize(25).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void whatTheLogContradictsIsDroppedAndFound() throws Exception {
        seal(2, "K-ALTERED", "ann", 1_700_000_000_000L);
        String id = id(found("key=K-ALTERED").getFirst());
        opensearch.send(
                "POST", "/keyproof-sealed/_update/" + id + "?refresh=true", "{\"doc\":{\"actor\":\"mallory\"}}");

        JsonNode altered = find("actor=mallory");

        assertThat(altered.path("records")).isEmpty();
        assertThat(altered.path("contradicted").asInt()).isEqualTo(1);
        await().atMost(PATIENCE).until(() -> found("key=K-ALTERED&actor=ann").size() == 2);
        assertThat(find("actor=mallory").path("contradicted").asInt()).isZero();
        await().atMost(PATIENCE).until(() -> isFound("keyproof-log-index-contradicted"));
    }

    @Test
    void whatNobodySealedIsNotFound() throws Exception {
        seal(1, "K-REAL", "ann", 1_700_000_000_000L);
        JsonNode real = found("key=K-REAL").getFirst();
        ObjectNode ghost = mapper.createObjectNode();
        ghost.put("year", real.path("year").asInt()).put("index", 0).put("time", 0);
        ghost.put("actor", "ann").put("operation", "Sign").putArray("key").add("K-GHOST");
        ghost.putArray("control");
        opensearch.send("PUT", "/keyproof-sealed/_doc/ghost?refresh=true", ghost.toString());

        JsonNode page = find("key=K-GHOST");

        assertThat(page.path("records")).isEmpty();
        assertThat(page.path("contradicted").asInt()).isEqualTo(1);
        assertThat(page.path("whole").asBoolean()).isFalse();
        await().atMost(PATIENCE).until(() -> found("key=K-REAL").size() == 1);
        JsonNode again = find("key=K-GHOST");
        assertThat(again.path("contradicted").asInt()).isZero();
        assertThat(again.path("whole").asBoolean()).isTrue();
    }

    @Test
    void whatIsRemovedIsMissedAndComesBack() throws Exception {
        seal(3, "K-REMOVED", "ann", 1_700_000_000_000L);
        String id = id(found("key=K-REMOVED").getLast());
        opensearch.send("DELETE", "/keyproof-sealed/_doc/" + id + "?refresh=true", "");

        assertThat(find("key=K-REMOVED").path("whole").asBoolean()).isFalse();

        await().atMost(PATIENCE).until(() -> found("key=K-REMOVED").size() == 3);
        await().atMost(PATIENCE).until(() -> isFound("keyproof-log-index-not-whole"));
    }

    @Test
    void anIndexThatIsGoneIsMadeAgain() throws Exception {
        seal(3, "K-GONE", "ann", 1_700_000_000_000L);
        opensearch.send("DELETE", "/keyproof-sealed", "");

        assertThat(find("key=K-GONE").path("whole").asBoolean()).isFalse();

        await().atMost(PATIENCE).until(() -> found("key=K-GONE").size() == 3);
        JsonNode page = find("key=K-GONE");
        assertThat(page.path("whole").asBoolean()).isTrue();
        assertThat(page.at("/indexed/" + page.at("/records/0/year").asText()).asLong())
                .isGreaterThan(page.at("/records/2/index").asLong());
    }

    @Test
    void withoutTheIndexOneRecordIsStillProven() throws Exception {
        seal(1, "K-DOWN", "ann", 1_700_000_000_000L);
        JsonNode record = found("key=K-DOWN").getFirst();

        opensearch.stop();

        JsonNode problem = find("key=K-DOWN");
        assertThat(problem.path("status").asInt()).isEqualTo(503);
        assertThat(problem.path("type").asText()).endsWith(":search-unavailable");
        JsonNode one = house.get(
                service.port(),
                "/v1/records/" + record.path("year").asText() + "/"
                        + record.path("index").asText());
        assertProven(one, one.path("checkpoint").asText());

        opensearch.startAgain();
        await().atMost(PATIENCE).until(() -> found("key=K-DOWN").size() == 1);
    }

    private static void assertProven(JsonNode record, String checkpoint) throws Exception {
        SignedHead head = SignedHead.parse(checkpoint);
        List<Hash> path = new ArrayList<>();
        for (JsonNode hash : record.at("/record/proof")) {
            path.add(Hash.of(Base64.getDecoder().decode(hash.asText())));
        }
        byte[] entry = Base64.getDecoder().decode(record.at("/record/entry").asText());
        assertThat(new InclusionProof(record.path("index").asLong(), head.size(), path)
                        .verifies(
                                new TreeHasher().leaf(entry), head.checkpoint().root()))
                .isTrue();
    }

    /** Whether a finding of that kind is in the log. */
    private boolean isFound(String analytic) throws Exception {
        long read = 0;
        Path log = dir.resolve("home/log/" + Year.now(ZoneOffset.UTC));
        try (SealedLogReader entries = SealedLogReader.open(log)) {
            while (read < entries.durableSize()) {
                for (byte[] entry : entries.read(read, 1000)) {
                    read++;
                    if (mapper.readTree(entry)
                            .at("/finding_info/analytic/uid")
                            .asText()
                            .equals(analytic)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static String id(JsonNode record) {
        return record.path("year").asText() + "-" + record.path("index").asText();
    }

    private static JsonNode find(String query) {
        return house.get(service.port(), "/v1/records?" + query);
    }

    private static List<JsonNode> found(String query) {
        List<JsonNode> records = new ArrayList<>();
        find(query).path("records").forEach(records::add);
        return records;
    }

    private static void seal(int count, String key, String actor, long time) {
        send(count, key, actor, time);
        await().atMost(PATIENCE).until(() -> found("key=" + key).size() == count);
    }

    private static int sent;

    private static void send(int count, String key, String actor, long time) {
        List<byte[]> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(("{\"class_uid\":6003,\"time\":" + time + ",\"metadata\":{\"uid\":\"seen-" + sent++
                            + "\"},\"actor\":{\"user\":{\"uid\":\"" + actor
                            + "\"}},\"api\":{\"operation\":\"Sign\"},\"resources\":[{\"uid\":\"" + key
                            + "\"}],\"compliance\":{\"requirements\":[\"PCI-DSS:3.6.1\"]},"
                            + "\"unmapped\":{\"keyproof\":{\"kind\":\"observed\"}}}")
                    .getBytes(StandardCharsets.UTF_8));
        }
        house.kafka.send("key-events", key, events);
    }
}
