package dev.keyproof.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.testing.OcsfSchema;
import dev.keyproof.evidence.config.ConfigReader;
import dev.keyproof.log.sealed.SealedLogReader;
import dev.keyproof.policy.EffectivePolicy;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.verify.PackVerifier;
import dev.keyproof.verify.TrustFile;
import dev.keyproof.verify.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what with evidence, and that it stands in the log before it is answered. */
@Tag("server")
class AccessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    static Path dir;

    private static TestingHouse house;
    private static Path home;
    private static EvidenceService service;
    private static JsonNode pack;

    private final ObjectMapper mapper = new ObjectMapper();

    @BeforeAll
    static void start() throws Exception {
        house = new TestingHouse(dir);
        home = dir.resolve("home");
        service = open();
        house.kafka.send("key-events", null, List.of("not an event".getBytes(StandardCharsets.UTF_8)));
        await().atMost(PATIENCE)
                .until(() -> house.get(service.port(), "/v1/state").path("size").asLong() > 3);
        pack = house.post(service.port(), "/v1/packs", "{}");
        assertThat(pack.path("verified").asBoolean()).as(pack.toString()).isTrue();
    }

    private static EvidenceService open() throws Exception {
        return EvidenceService.start(ConfigReader.read(house.config(home)), Clock.systemUTC(), failure -> {
            throw new AssertionError(failure);
        });
    }

    @AfterAll
    static void stop() {
        service.close();
        house.close();
    }

    @Test
    void policySaysWhoMayCallWhat() throws Exception {
        String content = pack.at("/link/href").asText();
        Map<String, List<String>> callers = new LinkedHashMap<>(Map.of(
                "GET /health",
                List.of("auditor", "operator", "application", "custodian", "administrator", "nobody"),
                "GET /v1/state",
                List.of("auditor", "operator"),
                "GET /v1/census?run=x",
                List.of("auditor", "operator"),
                "GET /log/" + year() + "/checkpoint",
                List.of("auditor", "operator"),
                "GET /v1/packs",
                List.of("auditor", "operator"),
                "GET /v1/packs/" + pack.path("sha256").asText(),
                List.of("auditor", "operator"),
                "GET " + content,
                List.of("auditor", "operator"),
                "POST /v1/packs",
                List.of("auditor", "operator"),
                "GET /v1/records/" + year() + "/0",
                List.of("auditor", "operator"),
                "POST /v1/drills",
                List.of("operator")));
        callers.put("GET /v1/people/ann", List.of("auditor", "operator"));
        callers.put("PUT /v1/people/ann", List.of("operator"));
        callers.put("DELETE /v1/people/ann", List.of("operator"));
        String artifact = "/v1/artifacts/sha256:" + "0".repeat(64);
        callers.put("GET " + artifact, List.of("auditor", "operator"));
        callers.put("DELETE " + artifact, List.of("operator"));

        String ofCase = "/v1/cases/00000000-0000-0000-0000-000000000000";
        callers.put("GET /v1/cases", List.of("auditor", "operator"));
        callers.put("GET " + ofCase, List.of("auditor", "operator"));
        for (String work :
                List.of("/v1/cases", ofCase + "/records", ofCase + "/notes", ofCase + "/holds", ofCase + ":close")) {
            callers.put("POST " + work, List.of("auditor"));
        }

        for (Map.Entry<String, List<String>> one : callers.entrySet()) {
            for (String role : List.of("auditor", "operator", "application", "custodian", "administrator", "nobody")) {
                int status = ask(one.getKey(), role.equals("nobody") ? "" : house.bearer(role));
                assertThat(status == 401 || status == 403)
                        .as(one.getKey() + " by " + role + ": " + status)
                        .isEqualTo(!one.getValue().contains(role));
                assertThat(status == 401)
                        .isEqualTo(role.equals("nobody") && !one.getValue().contains(role));
            }
        }
    }

    @Test
    void anotherPolicyIsAsked() throws Exception {
        Path own = dir.resolve("other");
        Path config = house.config(own);
        Path access =
                Files.write(own.resolve("access.tar.gz"), PolicyBundle.builtIn().bytes());
        Files.writeString(
                config, Files.readString(config).replace(house.access().toString(), access.toString()));
        try (EvidenceService other = EvidenceService.start(ConfigReader.read(config), Clock.systemUTC(), failure -> {
            throw new AssertionError(failure);
        })) {
            await().atMost(PATIENCE).until(() -> house.status(other.port(), "/v1/state", "auditor") == 200);
            ObjectNode parameters = (ObjectNode) PolicyBundle.builtIn().data().at("/keyproof/parameters");
            parameters.withObject("/roles").putArray("auditor").add("ListKeys");
            parameters.withObject("/roles").putArray("reader").add("ReadState");

            Files.write(
                    access,
                    EffectivePolicy.of(PolicyBundle.builtIn(), List.of(TestingHouse.overlay(parameters)))
                            .bundle()
                            .bytes());

            await().atMost(PATIENCE).until(() -> house.status(other.port(), "/v1/state", "auditor") == 403);
            assertThat(house.status(other.port(), "/v1/state", "reader")).isEqualTo(200);

            Files.writeString(access, "no bundle");
            await().during(Duration.ofSeconds(3))
                    .atMost(PATIENCE)
                    .until(() -> house.status(other.port(), "/v1/state", "reader") == 200);
        }
    }

    /** What is answered can be found in the log at that moment. */
    @Test
    void whatIsReadStandsInTheLogBeforeItIsAnswered() throws Exception {
        JsonNode built = mapper.readTree(send("POST", "/v1/packs", house.bearer("ann", "auditor"), "{\"from\":1}")
                .body());

        JsonNode record = of("ann", "BuildPack").getLast();
        assertThat(record.at("/unmapped/keyproof/detail/access/scope/pack").asText())
                .isEqualTo(built.path("sha256").asText());
        assertThat(record.at("/unmapped/keyproof/detail/access/scope/asked/from")
                        .asInt())
                .isEqualTo(1);
        assertThat(record.at("/unmapped/keyproof/detail/access/status").asInt()).isEqualTo(201);
        assertThat(record.at("/unmapped/keyproof/decision/allow").asBoolean()).isTrue();
        assertThat(record.at("/unmapped/keyproof/decision/policy").asText())
                .isEqualTo(PolicyBundle.builtIn().digest());
        assertThat(record.at("/unmapped/keyproof/decision/data").asText()).startsWith("sha256:");
        assertThat(record.at("/unmapped/keyproof/decision/input/actor/roles/0").asText())
                .isEqualTo("auditor");
        assertThat(record.at("/actor/user/groups/0/name").asText()).isEqualTo("auditor");
    }

    @Test
    void whatIsReadOftenIsCounted() throws Exception {
        for (int i = 0; i < 20; i++) {
            send("GET", "/log/" + year() + "/tile/entries/000.p/2", house.bearer("bob", "auditor"), "");
        }
        send("GET", "/v1/state", house.bearer("eve", "application"), "");
        send("GET", "/v1/state", house.bearer("eve", "application"), "");
        send("GET", "/v1/state", "", "");

        assertThat(of("bob", "ReadLog"))
                .singleElement()
                .satisfies(first -> assertThat(first.at("/unmapped/keyproof/detail/access/scope/to")
                                .asInt())
                        .isEqualTo(2));
        assertThat(of("eve", "ReadState")).isEmpty();

        service.close();
        for (JsonNode entry :
                entries().stream().filter(one -> one.has("class_uid")).toList()) {
            assertThat(OcsfSchema.violations(mapper.writeValueAsBytes(entry)))
                    .as(entry.toString())
                    .isEmpty();
        }
        List<JsonNode> counted = of("bob", "ReadLog");
        List<JsonNode> refused = of("eve", "ReadState");
        List<JsonNode> strangers = entries().stream()
                .filter(entry -> entry.at("/api/operation").asText().equals("RefuseStrangers"))
                .toList();
        service = open();

        assertThat(counted).hasSize(2);
        JsonNode rest = counted.getLast().at("/unmapped/keyproof/detail/access");
        assertThat(rest.path("count").asInt()).isEqualTo(19);
        assertThat(rest.at("/entries/" + year() + "/to").asInt()).isEqualTo(2);
        assertThat(refused).singleElement().satisfies(entry -> {
            assertThat(entry.path("status_id").asInt()).isEqualTo(2);
            assertThat(entry.at("/unmapped/keyproof/detail/access/count").asInt())
                    .isEqualTo(2);
            assertThat(entry.at("/unmapped/keyproof/decision/result/reasons/0").asText())
                    .isEqualTo("role-not-permitted");
        });
        assertThat(strangers)
                .isNotEmpty()
                .allSatisfy(entry ->
                        assertThat(entry.at("/unmapped/keyproof/kind").asText()).isEqualTo("refusals"));
        await().atMost(PATIENCE).until(() -> house.status(service.port(), "/v1/state", "auditor") == 200);
    }

    @Test
    void aPackIsBuiltWhileNobodyWaitsAndTellsHowFarItIs() throws Exception {
        HttpResponse<String> accepted = async("dora", "{\"from\":2}");

        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        assertThat(accepted.headers().firstValue("Preference-Applied")).contains("respond-async");
        String location = accepted.headers().firstValue("Location").orElseThrow();
        JsonNode begun = of("dora", "BuildPack").getFirst().at("/unmapped/keyproof/detail/access");
        assertThat(begun.path("status").asInt()).isEqualTo(202);
        assertThat(location).endsWith(begun.at("/scope/build").asText());
        JsonNode ended = ended(location);
        assertThat(ended.path("state").asText()).as(ended.toString()).isEqualTo("done");
        assertThat(ended.path("entries").asLong())
                .isPositive()
                .isEqualTo(ended.path("total").asLong())
                .isEqualTo(ended.at("/pack/entries").asLong());
        JsonNode done = of("dora", "BuildPack").getLast().at("/unmapped/keyproof/detail/access");
        assertThat(done.path("status").asInt()).isEqualTo(201);
        assertThat(done.at("/scope/build")).isEqualTo(begun.at("/scope/build"));
        assertThat(done.at("/scope/pack")).isEqualTo(ended.at("/pack/sha256"));
        assertThat(send("GET", ended.at("/pack/link/href").asText(), house.bearer("someone", "auditor"), "")
                        .statusCode())
                .isEqualTo(200);

        // What cannot be is said at once where it can be, and else in the end; both are on record
        assertThat(async("dora", "{\"to\":-1}").statusCode()).isEqualTo(409);
        JsonNode failed = ended(async("dora", "{\"to\":999999}")
                .headers()
                .firstValue("Location")
                .orElseThrow());
        assertThat(failed.path("state").asText()).isEqualTo("failed");
        assertThat(failed.at("/problem/detail").asText()).contains("before entry 999999");
        assertThat(of("dora", "BuildPack")
                        .getLast()
                        .at("/unmapped/keyproof/detail/access/status")
                        .asInt())
                .isEqualTo(409);
        assertThat(problem("/v1/packs/builds/00000000-0000-0000-0000-000000000000", house.bearer("auditor")))
                .isEqualTo("404 not-found");
    }

    private static HttpResponse<String> async(String subject, String scope) throws Exception {
        return HTTP.send(
                request("POST", "/v1/packs", house.bearer(subject, "auditor"), scope)
                        .header("Prefer", "respond-async")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode ended(String location) {
        await().atMost(PATIENCE).until(() -> {
            JsonNode build = house.get(service.port(), location);
            assertThat(build.path("entries").asLong())
                    .isLessThanOrEqualTo(build.path("total").asLong(Long.MAX_VALUE));
            return List.of("done", "failed").contains(build.path("state").asText());
        });
        return house.get(service.port(), location);
    }

    @Test
    void aDownloadGoesOnWhereItBrokeOff() throws Exception {
        String ann = house.bearer("ann", "auditor");
        JsonNode mine =
                mapper.readTree(send("GET", "/v1/packs/" + pack.path("sha256").asText(), ann, "")
                        .body());
        String href = mine.at("/link/href").asText();
        long size = mine.path("bytes").asLong();
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        HttpResponse<byte[]> first = HTTP.send(
                request("GET", href, ann, "").header("Range", "bytes=0-999").build(), bytes());
        got.write(first.body());
        HttpResponse<byte[]> rest = HTTP.send(
                request("GET", href, ann, "")
                        .header("Range", "bytes=1000-")
                        .header("If-Range", first.headers().firstValue("ETag").orElseThrow())
                        .build(),
                bytes());
        got.write(rest.body());

        assertThat(first.statusCode()).isEqualTo(206);
        assertThat(rest.headers().firstValue("Content-Range")).contains("bytes 1000-" + (size - 1) + "/" + size);
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(got.toByteArray())))
                .isEqualTo(pack.path("sha256").asText());
        await().atMost(PATIENCE).until(() -> downloads("ann").size() == 2);
        JsonNode began = downloads("ann").getFirst();
        assertThat(began.path("pack").asText()).isEqualTo(pack.path("sha256").asText());
        assertThat(began.has("completed")).isFalse();
        JsonNode ended = downloads("ann").getLast();
        assertThat(ended.path("bytes").asLong()).isEqualTo(size);
        assertThat(ended.path("completed").asBoolean()).isTrue();
        Path carried = Files.write(dir.resolve("carried.zip"), got.toByteArray());
        TrustFile trust =
                TrustFile.parse(Files.readString(Path.of(pack.path("trust").asText())));
        assertThat(new PackVerifier(Clock.systemUTC()).verify(carried, trust, false))
                .isInstanceOf(Verdict.Proven.class);
        assertThat(HTTP.send(
                                request("GET", href, ann, "")
                                        .header("Range", "bytes=10-19")
                                        .header("If-Range", "\"another\"")
                                        .build(),
                                bytes())
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<byte[]> beyond = HTTP.send(
                request("GET", href, ann, "")
                        .header("Range", "bytes=" + size + "-")
                        .build(),
                bytes());
        assertThat(beyond.statusCode()).isEqualTo(416);
        HttpResponse<byte[]> head = HTTP.send(request("HEAD", href, ann, "").build(), bytes());
        assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(size);
    }

    @Test
    void aLinkIsGoodForItsCallerAndItsPackAndItsTimeAlone() throws Exception {
        String ann = house.bearer("ann", "auditor");
        String href = mapper.readTree(
                        send("GET", "/v1/packs/" + pack.path("sha256").asText(), ann, "")
                                .body())
                .at("/link/href")
                .asText();
        String other = href.replace(pack.path("sha256").asText(), "0".repeat(64));

        assertThat(problem(href, house.bearer("bob", "auditor"))).isEqualTo("403 link-not-good");
        assertThat(problem(other, ann)).isEqualTo("403 link-not-good");
        assertThat(problem(href.replaceAll("expires=[0-9]+", "expires=99999999999"), ann))
                .isEqualTo("403 link-not-good");
        assertThat(problem(href.substring(0, href.length() - 1), ann)).isEqualTo("403 link-not-good");
        assertThat(problem(href.replaceAll("\\?.*", ""), ann)).isEqualTo("403 link-not-good");
        assertThat(problem(href, "")).isEqualTo("401 unauthenticated");
        assertThat(problem("/v1/packs/" + "0".repeat(64), ann)).isEqualTo("404 not-found");
    }

    @Test
    void whatBreaksOffIsOnRecordAsNotCompleted() throws Exception {
        String carl = house.bearer("carl", "auditor");
        String href = mapper.readTree(
                        send("GET", "/v1/packs/" + pack.path("sha256").asText(), carl, "")
                                .body())
                .at("/link/href")
                .asText();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(("GET " + href + " HTTP/1.1\r\nHost: localhost\r\nRange: bytes=0-99\r\nAuthorization: " + carl
                            + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            assertThat(in.readNBytes(12)).asString(StandardCharsets.US_ASCII).isEqualTo("HTTP/1.1 206");
        }
        await().atMost(PATIENCE).until(() -> downloads("carl").size() == 1);

        service.close();
        List<JsonNode> downloads = downloads("carl");
        service = open();

        assertThat(downloads).hasSize(2);
        assertThat(downloads.getLast().path("completed").asBoolean()).isFalse();
        assertThat(downloads.getLast().path("bytes").asLong()).isEqualTo(100);
        await().atMost(PATIENCE).until(() -> house.status(service.port(), "/v1/state", "auditor") == 200);
    }

    /** Those that wait share a commit. */
    @Test
    void manyReadAtOnce() throws Exception {
        String crowd = house.bearer("crowd", "auditor");
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        long began = System.nanoTime();

        for (int i = 0; i < 60; i++) {
            asked.add(HTTP.sendAsync(
                    request("GET", "/v1/records/" + year() + "/" + i % 3, crowd, "")
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        }
        for (CompletableFuture<HttpResponse<String>> one : asked) {
            assertThat(one.get().statusCode()).isEqualTo(200);
        }

        // One after another, each in a round of its own, they would take six seconds.
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
        assertThat(of("crowd", "ReadRecord")).hasSize(60);
    }

    @Test
    void whatCannotBePutOnRecordIsNotAnswered() throws Exception {
        Path own = dir.resolve("deaf");
        Path config = house.config(own);
        Files.writeString(config, Files.readString(config).replace(house.kafka.bootstrap(), "127.0.0.1:1"));
        try (EvidenceService deaf = EvidenceService.start(ConfigReader.read(config), Clock.systemUTC(), failure -> {
            throw new AssertionError(failure);
        })) {
            assertThat(house.status(deaf.port(), "/health", "")).isEqualTo(503);
            assertThat(house.get(deaf.port(), "/v1/state").path("type").asText())
                    .endsWith(":not-recorded");
            assertThat(house.get(deaf.port(), "/v1/packs").path("type").asText())
                    .endsWith(":not-recorded");
            assertThat(house.status(deaf.port(), "/v1/state", "application")).isEqualTo(403);
        }
    }

    private List<JsonNode> downloads(String caller) throws Exception {
        return of(caller, "DownloadPack").stream()
                .map(entry -> entry.at("/unmapped/keyproof/detail/access"))
                .filter(access -> access.has("until") || access.has("completed"))
                .toList();
    }

    private List<JsonNode> of(String caller, String operation) throws Exception {
        return entries().stream()
                .filter(entry -> entry.at("/actor/user/uid").asText().equals(caller)
                        && entry.at("/api/operation").asText().equals(operation))
                .toList();
    }

    private List<JsonNode> entries() throws Exception {
        List<JsonNode> entries = new ArrayList<>();
        try (SealedLogReader log = SealedLogReader.open(home.resolve("log/" + year()))) {
            while (entries.size() < log.durableSize()) {
                for (byte[] entry : log.read(entries.size(), 1000)) {
                    entries.add(mapper.readTree(entry));
                }
            }
        }
        return entries;
    }

    private String problem(String path, String bearer) throws Exception {
        HttpResponse<String> answer = send("GET", path, bearer, "");
        return answer.statusCode() + " "
                + mapper.readTree(answer.body()).path("type").asText().replaceFirst(".*:", "");
    }

    private int ask(String call, String bearer) throws Exception {
        String[] parts = call.split(" ", 2);
        return send(parts[0], parts[1], bearer, "").statusCode();
    }

    private static HttpResponse<String> send(String method, String path, String bearer, String body) throws Exception {
        return HTTP.send(request(method, path, bearer, body).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse.BodyHandler<byte[]> bytes() {
        return HttpResponse.BodyHandlers.ofByteArray();
    }

    private static HttpRequest.Builder request(String method, String path, String bearer, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        return bearer.isEmpty() ? request : request.header("Authorization", bearer);
    }

    private static String year() {
        return String.valueOf(Instant.now().atZone(ZoneOffset.UTC).getYear());
    }
}
