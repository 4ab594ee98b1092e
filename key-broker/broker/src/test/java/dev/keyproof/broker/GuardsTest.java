package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.keyproof.broker.BrokerProcess.Reply;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What stands between a known caller and what it asks for: hats, circumstances, changes, limits, repeats, preconditions. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuardsTest {
    private static final String HELLO = "{'plaintext':'aGVsbG8='}";
    private static final int BURST = 60;

    private TestHome home;
    private BrokerProcess broker;
    private HttpServer desk;
    private final Map<String, String> changes = new ConcurrentHashMap<>();
    private final CountDownLatch held = new CountDownLatch(1);
    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    private String admin;
    private String app;
    private String auditor;

    @BeforeAll
    void start() throws Exception {
        desk = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        desk.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        desk.createContext("/changes/", exchange -> {
            String id = exchange.getRequestURI().getPath().replace("/changes/", "");
            asked.add(exchange.getRequestHeaders().getFirst("Authorization") + " " + id);
            if (id.equals("HELD")) {
                awaitQuietly(held);
            }
            String body = changes.get(id);
            byte[] bytes = (body == null ? "no such change" : body).getBytes(StandardCharsets.UTF_8);
            if (id.startsWith("BROKEN")) {
                exchange.sendResponseHeaders(302, -1);
            } else if (!id.startsWith("SILENT")) {
                exchange.sendResponseHeaders(body == null ? 404 : 200, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
            if (!id.startsWith("SILENT")) {
                exchange.close();
            }
        });
        desk.start();
        home = TestHome.create();
        Files.writeString(home.root().resolve("desk.token"), "desk-secret\n");
        Files.writeString(home.root().resolve("networks"), "# ours\n127.0.0.0/8 64500\n127.0.0.1/32 64501\n");
        home.set("keyproof.changes.url", "http://127.0.0.1:" + desk.getAddress().getPort() + "/changes/{id}")
                .set("keyproof.changes.status", "/result/state")
                .set(
                        "keyproof.changes.token-file",
                        home.root().resolve("desk.token").toString())
                .set("keyproof.changes.timeout", "3s")
                .set("keyproof.networks", home.root().resolve("networks").toString())
                .policy(GuardsTest::parameters);
        broker = home.start();
        admin = home.token("root", "administrator");
        app = home.token("payments", "application");
        auditor = home.token("eve", "auditor");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void parameters(ObjectNode parameters) {
        ObjectNode attested = parameters.withArray("conditions").addObject().put("name", "attested");
        attested.putArray("operations").add("Encrypt");
        attested.putObject("tags").put("environment", "production");
        attested.putArray("postures").add("attested");
        ObjectNode ours = parameters.withArray("conditions").addObject().put("name", "our-network");
        ours.putArray("operations").add("Encrypt");
        ours.putObject("tags").put("network", "ours");
        ours.putArray("systems").add(64501);
        ours.putArray("networks").add("10.0.0.0/8").add("127.0.0.0/8");
        ObjectNode change =
                parameters.withObject("/changes").withArray("required").addObject();
        change.putArray("operations").add("DisableKey");
        change.putObject("tags").put("environment", "production");
        parameters
                .withObject("/throttle")
                .putObject("caller")
                .put("perSecond", 1000)
                .put("burst", 1000);
        parameters.withObject("/throttle").putObject("key").put("perSecond", 1).put("burst", BURST);
    }

    @AfterAll
    void stop() throws Exception {
        if (broker != null) {
            broker.close();
        }
        desk.stop(0);
        home.close();
    }

    private String key(String tags) throws Exception {
        Reply made = broker.post("/v1/keys", admin, "{'name':'test','algorithm':'AES_256_GCM','tags':{" + tags + "}}");
        assertThat(made.status()).as("%s", made).isEqualTo(201);
        return made.body().path("id").asText();
    }

    private Reply encrypt(String key, String token) throws Exception {
        return broker.post("/v1/keys/" + key + ":encrypt", token, HELLO);
    }

    private Reply send(String method, String path, String token, String body, Map<String, String> headers)
            throws Exception {
        return broker.call(method, path, token, body.replace('\'', '"'), headers);
    }

    private JsonNode event(Reply reply) throws Exception {
        return Records.of(home.journal()).at(reply.record().orElseThrow());
    }

    private JsonNode input(Reply reply) throws Exception {
        return Records.keyproof(event(reply)).path("decision").path("input");
    }

    private static void refused(Reply reply, int status, String problem, String said) {
        assertThat(reply.status()).as("%s", reply).isEqualTo(status);
        assertThat(reply.problem()).isEqualTo(problem);
        assertThat(reply.type()).isEqualTo("application/problem+json");
        assertThat(reply.body().toString()).contains(said);
    }

    @Test
    void nobodyWearsTwoHatsOnOneKey() throws Exception {
        String key = key("");
        String other = key("");
        String ann = home.token("ann", "application");
        assertThat(encrypt(key, ann).status()).isEqualTo(200);

        Reply second = broker.post("/v1/keys/" + key + ":disable", home.token("ann", "administrator"), "{}");
        Reply third = broker.get("/v1/keys/" + key, home.token("ann", "auditor"));

        refused(second, 403, "denied", "hat-worn");
        refused(third, 403, "denied", "hat-worn");
        assertThat(input(second).path("actor").path("hat").asText()).isEqualTo("operations");
        assertThat(encrypt(key, ann).status()).isEqualTo(200);
        assertThat(broker.get("/v1/keys/" + other, home.token("ann", "auditor")).status())
                .isEqualTo(200);
        refused(encrypt(other, ann), 403, "denied", "hat-worn");
    }

    @Test
    void whoMadeAKeyDoesNotUseIt() throws Exception {
        refused(encrypt(key(""), home.token("root", "application")), 403, "denied", "hat-worn");
    }

    @Test
    void whatIsRefusedPutsNoHatOn() throws Exception {
        String key = key("");
        refused(encrypt(key, home.token("fay", "auditor")), 403, "denied", "role-not-permitted");

        assertThat(encrypt(key, home.token("fay", "application")).status()).isEqualTo(200);
    }

    @Test
    void aHatIsWornBeforeEveryBrokerAndAfterARestart() throws Exception {
        String key = key("");
        assertThat(encrypt(key, home.token("gus", "application")).status()).isEqualTo(200);
        assertThat(home.select("SELECT hat FROM key_hat WHERE key_id = '" + key + "' AND actor = 'gus'"))
                .isEqualTo("operations");
        // As another broker would have written it a moment ago.
        home.execute("INSERT INTO key_hat VALUES ('" + key + "', 'hal', 'audit')");

        refused(encrypt(key, home.token("hal", "application")), 403, "denied", "hat-worn");
    }

    @Test
    void whatACallMustBringDependsOnTheKey() throws Exception {
        String production = key("'environment':'production'");
        String attested = home.token(home.claims("payments", "application")
                .claim("posture", "attested")
                .claim("groups", List.of("shop", "pci"))
                .build());

        Reply bare = encrypt(production, app);
        Reply full = encrypt(production, attested);

        refused(bare, 403, "denied", "condition:attested");
        assertThat(full.status()).isEqualTo(200);
        assertThat(input(full).path("actor").path("posture").asText()).isEqualTo("attested");
        assertThat(input(full).path("actor").path("groups").toString()).isEqualTo("[\"shop\",\"pci\"]");
        assertThat(encrypt(key(""), app).status()).isEqualTo(200);
    }

    @Test
    void theLongestPrefixTellsWhereACallComesFrom() throws Exception {
        String key = key("'network':'ours'");
        Reply near = encrypt(key, app);
        assertThat(near.status()).isEqualTo(200);
        assertThat(input(near).path("request").path("asn").asLong()).isEqualTo(64501);

        var changed = Files.writeString(home.root().resolve("networks.new"), "127.0.0.0/8 64500\n");
        Files.move(changed, home.root().resolve("networks"), StandardCopyOption.REPLACE_EXISTING);

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> refused(encrypt(key, app), 403, "denied", "condition:our-network"));
    }

    private Reply disable(String key, String change) throws Exception {
        return send(
                "POST",
                "/v1/keys/" + key + ":disable",
                admin,
                "{}",
                change.isEmpty() ? Map.of() : Map.of("Keyproof-Change", change));
    }

    @Test
    void aChangeIsLookedUpAndItsAnswerIsOnTheRecord() throws Exception {
        String key = key("'environment':'production'");
        changes.put("CHG1", "{\"result\":{\"state\":\"draft\"}}");
        changes.put("CHG2", "{\"result\":{\"state\":\"approved\"}}");

        refused(disable(key, ""), 403, "denied", "change-required");
        refused(disable(key, "CHG0"), 403, "denied", "change-required");
        Reply draft = disable(key, "CHG1");
        refused(draft, 403, "denied", "change-required");
        Reply done = disable(key, "CHG2");

        assertThat(done.status()).as("%s", done).isEqualTo(200);
        assertThat(input(draft).path("request").path("change").path("status").asText())
                .isEqualTo("draft");
        JsonNode change = input(done).path("request").path("change");
        assertThat(change.path("id").asText()).isEqualTo("CHG2");
        assertThat(change.path("status").asText()).isEqualTo("approved");
        assertThat(change.path("digest").asText())
                .isEqualTo("sha256:"
                        + HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256")
                                        .digest(changes.get("CHG2").getBytes(StandardCharsets.UTF_8))));
        assertThat(asked).contains("Bearer desk-secret CHG2");
    }

    @Test
    void aDeskThatDoesNotSayIsARefusal() throws Exception {
        String key = key("'environment':'production'");
        changes.put("WITHOUT", "{\"result\":{}}");
        changes.put("TEXT", "approved");

        for (String change : List.of("SILENT", "BROKEN", "WITHOUT", "TEXT")) {
            Reply reply = disable(key, change);
            refused(reply, 503, "change-unavailable", "the system that keeps changes");
            assertThat(event(reply).path("status_id").asInt()).isEqualTo(2);
        }
        assertThat(broker.get("/v1/keys/" + key, admin)
                        .body()
                        .path("key")
                        .path("state")
                        .asText())
                .isEqualTo("active");
    }

    @Test
    void theDeskIsAskedOnlyWhereNothingElseIsInTheWay() throws Exception {
        String production = key("'environment':'production'");

        refused(
                send("POST", "/v1/keys/" + production + ":disable", app, "{}", Map.of("Keyproof-Change", "NOSY")),
                403,
                "denied",
                "role-not-permitted");
        assertThat(disable(key(""), "NOSY").status()).isEqualTo(200);

        assertThat(asked).noneMatch(one -> one.contains("NOSY"));
    }

    @Test
    void aSlowDeskKeepsNoOtherKeyWaiting() throws Exception {
        String slow = key("'environment':'production'");
        // A key whose changes wait for the same lock.
        String other = key("");
        for (int i = 0; Math.floorMod(other.hashCode() - slow.hashCode(), 64) != 0 && i < 2000; i++) {
            other = key("");
        }
        changes.put("HELD", "{\"result\":{\"state\":\"approved\"}}");
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Reply> waiting = callers.submit(() -> disable(slow, "HELD"));
            await().until(() -> asked.stream().anyMatch(one -> one.endsWith(" HELD")));

            Reply meanwhile = broker.post("/v1/keys/" + other + ":rotate", admin, "{}");
            boolean early = !waiting.isDone();
            held.countDown();

            assertThat(meanwhile.status()).as("%s", meanwhile).isEqualTo(200);
            assertThat(early).isTrue();
            assertThat(waiting.get().status()).as("%s", waiting.get()).isEqualTo(200);
        }
        assertThat(asked).filteredOn(one -> one.endsWith(" HELD")).hasSize(1);
    }

    @Test
    void whoCallsTooOftenIsToldWhenToCallAgain() throws Exception {
        String key = key("");
        String flood = home.token("flood", "application");
        long before = Records.of(home.journal()).events().size();
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < BURST + 30; i++) {
            replies.add(encrypt(key, flood));
        }

        List<Reply> tooMany =
                replies.stream().filter(reply -> reply.status() == 429).toList();
        assertThat(tooMany).hasSizeBetween(1, 30);
        assertThat(replies.subList(0, BURST)).allMatch(reply -> reply.status() == 200);
        refused(tooMany.getFirst(), 429, "too-many-requests", "policy");
        assertThat(Integer.parseInt(tooMany.getFirst().header("Retry-After"))).isBetween(1, 2);
        // The other way to the same key is as narrow.
        assertThat(send("POST", "/v1/keys/" + key + ":encrypt?x=1", flood, HELLO, Map.of())
                        .status())
                .isEqualTo(429);
        assertThat(encrypt(key, app).status()).isEqualTo(200);
        assertThat(encrypt(key(""), flood).status()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            List<JsonNode> told = Records.of(home.journal()).of("refusals", "RefuseTooMany");
            assertThat(told.stream()
                            .mapToLong(event -> Records.keyproof(event)
                                    .path("detail")
                                    .path("callers")
                                    .path("flood")
                                    .asLong())
                            .sum())
                    .isEqualTo(tooMany.size() + 1);
        });
        assertThat(Records.of(home.journal()).events().size() - before).isLessThan(BURST + 60L);
    }

    private static final String NEW = "{'name':'once','algorithm':'AES_256_GCM'}";

    private long named(String name) throws Exception {
        return Long.parseLong(home.select("SELECT count(*) FROM key WHERE name = '" + name + "'"));
    }

    @Test
    void aRepeatedCreationIsAnsweredAsTheFirst() throws Exception {
        String body = NEW.replace("once", "repeated");
        Map<String, String> header = Map.of("Idempotency-Key", "\"create-1\"");

        Reply first = send("POST", "/v1/keys", admin, body, header);
        Reply second = send("POST", "/v1/keys", admin, body, header);
        Reply unquoted = send("POST", "/v1/keys", admin, body, Map.of("Idempotency-Key", "create-1"));

        assertThat(first.status()).isEqualTo(201);
        for (Reply repeat : List.of(second, unquoted)) {
            assertThat(repeat.status()).isEqualTo(201);
            assertThat(repeat.body()).isEqualTo(first.body());
            assertThat(repeat.record()).isEqualTo(first.record());
            assertThat(repeat.header("ETag")).isEqualTo(first.header("ETag")).isNotEmpty();
            assertThat(repeat.header("Idempotency-Replayed")).isEqualTo("true");
        }
        assertThat(named("repeated")).isEqualTo(1);
        assertThat(Records.of(home.journal()).of("operation", "CreateKey").stream()
                        .filter(event -> Records.keyproof(event)
                                .path("detail")
                                .path("repeats")
                                .asText()
                                .equals(first.record().orElseThrow())))
                .hasSize(2);
    }

    @Test
    void anotherRequestOrCallerIsNoRepeat() throws Exception {
        String body = NEW.replace("once", "another");
        Map<String, String> header = Map.of("Idempotency-Key", "create-2");
        assertThat(send("POST", "/v1/keys", admin, body, header).status()).isEqualTo(201);

        Reply other = send("POST", "/v1/keys", admin, NEW.replace("once", "changed"), header);
        Reply caller = send("POST", "/v1/keys", home.token("second", "administrator"), body, header);

        refused(other, 422, "idempotency-key-reused", "take a new one");
        assertThat(event(other).path("status_id").asInt()).isEqualTo(2);
        assertThat(caller.status()).isEqualTo(201);
        assertThat(named("another")).isEqualTo(2);
        assertThat(named("changed")).isZero();
    }

    @Test
    void ofManyAtOnceOneIsDone() throws Exception {
        String body = NEW.replace("once", "race");
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Reply>> replies = IntStream.range(0, 12)
                    .mapToObj(i -> callers.submit(
                            () -> send("POST", "/v1/keys", admin, body, Map.of("Idempotency-Key", "race-1"))))
                    .toList();
            for (Future<Reply> reply : replies) {
                assertThat(reply.get().status()).as("%s", reply.get()).isIn(201, 409);
            }
        }
        assertThat(named("race")).isEqualTo(1);
    }

    @Test
    void whatWasRefusedMayBeAskedAgain() throws Exception {
        String key = key("'environment':'production'");
        Map<String, String> header = Map.of("Idempotency-Key", "disable-1", "Keyproof-Change", "LATER");
        assertThat(send("POST", "/v1/keys/" + key + ":disable", admin, "{}", header)
                        .status())
                .isEqualTo(403);
        changes.put("LATER", "{\"result\":{\"state\":\"approved\"}}");

        Reply done = send("POST", "/v1/keys/" + key + ":disable", admin, "{}", header);
        Reply repeat = send("POST", "/v1/keys/" + key + ":disable", admin, "{}", header);

        assertThat(done.status()).isEqualTo(200);
        assertThat(repeat.status()).isEqualTo(200);
        assertThat(repeat.body()).isEqualTo(done.body());
    }

    @Test
    void whatCameToNothingMayBeAskedAgain() throws Exception {
        String key = key("'environment':'production'");
        Map<String, String> header = Map.of("Idempotency-Key", "disable-2", "Keyproof-Change", "BROKEN-1");
        String path = "/v1/keys/" + key + ":disable";

        Reply first = send("POST", path, admin, "{}", header);
        Reply second = send("POST", path, admin, "{}", header);

        for (Reply reply : List.of(first, second)) {
            refused(reply, 503, "change-unavailable", "the system that keeps changes");
            assertThat(reply.header("Retry-After")).isEqualTo("1");
            assertThat(reply.header("Idempotency-Replayed")).isEmpty();
        }
        assertThat(second.record()).isNotEqualTo(first.record());
        assertThat(home.select("SELECT count(*) FROM first_answer WHERE name = 'disable-2'"))
                .isEqualTo("0");
    }

    @Test
    void aRotationIsDoneOnce() throws Exception {
        String key = key("");
        Map<String, String> header = Map.of("Idempotency-Key", "rotate-1");

        send("POST", "/v1/keys/" + key + ":rotate", admin, "{}", header);
        Reply repeat = send("POST", "/v1/keys/" + key + ":rotate", admin, "{}", header);

        assertThat(repeat.body().path("version").asInt()).isEqualTo(2);
        assertThat(broker.get("/v1/keys/" + key, admin).body().path("versions")).hasSize(2);
    }

    @Test
    void noAnswerThatMayHoldASecretIsKept() throws Exception {
        String key = key("");
        String ciphertext = encrypt(key, app).body().path("ciphertext").asText();
        Map<String, String> bodies =
                Map.of("encrypt", HELLO, "decrypt", "{'ciphertext':'" + ciphertext + "'}", "data-key", "{'bytes':32}");

        for (Map.Entry<String, String> body : bodies.entrySet()) {
            Reply reply = send(
                    "POST",
                    "/v1/keys/" + key + ":" + body.getKey(),
                    app,
                    body.getValue(),
                    Map.of("Idempotency-Key", "secret-" + body.getKey()));
            refused(reply, 422, "idempotency-key-unsupported", "Idempotency-Key");
            assertThat(event(reply).path("status_id").asInt()).isEqualTo(2);
        }
        assertThat(home.select("SELECT count(*) FROM first_answer WHERE name LIKE 'secret-%'"))
                .isEqualTo("0");
        refused(
                send("POST", "/v1/keys", admin, NEW, Map.of("Idempotency-Key", "no spaces")),
                422,
                "invalid-input",
                "Idempotency-Key");
    }

    @Test
    void anAnswerIsKeptForATimeAndOneThatWasLostIsNotMadeUp() throws Exception {
        String body = NEW.replace("once", "expiring");
        Map<String, String> header = Map.of("Idempotency-Key", "expiring-1");
        assertThat(send("POST", "/v1/keys", admin, body, header).status()).isEqualTo(201);

        home.execute("UPDATE first_answer SET status = NULL, body = NULL WHERE name = 'expiring-1'");
        Reply lost = send("POST", "/v1/keys", admin, body, header);
        home.execute("UPDATE first_answer SET expires = now() - interval '1 second' WHERE name = 'expiring-1'");
        Reply late = send("POST", "/v1/keys", admin, body, header);

        refused(lost, 409, "idempotency-in-progress", "request id");
        assertThat(late.status()).isEqualTo(201);
        assertThat(named("expiring")).isEqualTo(2);
    }

    @Test
    void listsComeInPagesThatStayWhatTheyWere() throws Exception {
        for (int i = 0; i < 5; i++) {
            key("");
        }
        List<String> seen = new ArrayList<>();
        String cursor = "";
        do {
            Reply page = broker.get("/v1/keys?limit=2" + cursor, auditor);
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.body().path("keys").size()).isBetween(1, 2);
            page.body().path("keys").forEach(key -> seen.add(key.path("id").asText()));
            key("");
            cursor = page.body().has("next") && seen.size() < 6
                    ? "&after=" + page.body().path("next").asText()
                    : "";
        } while (!cursor.isEmpty());

        assertThat(seen).isSorted().doesNotHaveDuplicates().hasSize(6);
        Reply all = broker.get("/v1/keys", auditor);
        assertThat(all.body().path("keys").findValuesAsText("id").subList(0, 6)).isEqualTo(seen);
        assertThat(all.body().has("next")).isFalse();
        Reply inventory = broker.get("/v1/inventory?limit=1&after=" + seen.getFirst(), auditor);
        assertThat(inventory.body().path("keys")).hasSize(1);
        assertThat(inventory.body().path("keys").path(0).path("id").asText()).isEqualTo(seen.get(1));
        assertThat(inventory.body().path("states").path("active").asInt()).isGreaterThan(1);
        for (String wrong : List.of("limit=0", "limit=1001", "limit=x", "after=../1")) {
            refused(broker.get("/v1/keys?" + wrong, auditor), 422, "invalid-input", wrong.substring(0, 5));
        }
    }

    @Test
    void whatDidNotChangeIsNotSentAgain() throws Exception {
        String key = key("");
        for (String path : List.of("/v1/keys/" + key, "/v1/keys?limit=1", "/v1/inventory?limit=1&after=" + key)) {
            Reply first = broker.get(path, auditor);
            Reply second = broker.call("GET", path, auditor, null, Map.of("If-None-Match", first.header("ETag")));

            assertThat(first.header("ETag")).isNotEmpty();
            assertThat(second.status()).as(path).isEqualTo(304);
            assertThat(event(second).path("status_id").asInt()).isEqualTo(1);
        }
    }

    @Test
    void aKeyThatChangedMeanwhileIsNotChanged() throws Exception {
        String key = key("");
        String tag = broker.get("/v1/keys/" + key, admin).header("ETag");
        Map<String, String> header = Map.of("If-Match", tag);

        Reply first = send("PATCH", "/v1/keys/" + key, admin, "{'owner':'ann'}", header);
        Reply second = send("PATCH", "/v1/keys/" + key, admin, "{'owner':'bob'}", header);
        Reply weak = send(
                "PATCH", "/v1/keys/" + key, admin, "{'owner':'bob'}", Map.of("If-Match", "W/" + first.header("ETag")));
        Reply fresh = send(
                "POST",
                "/v1/keys/" + key + ":rotate",
                admin,
                "{}",
                Map.of("If-Match", "\"x\", " + first.header("ETag")));

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("ETag")).isNotEqualTo(tag);
        refused(second, 412, "precondition-failed", "read it again");
        assertThat(event(second).path("status_id").asInt()).isEqualTo(2);
        refused(weak, 412, "precondition-failed", "read it again");
        assertThat(fresh.status()).isEqualTo(200);
        assertThat(fresh.body().path("owner").asText()).isEqualTo("ann");
    }

    @Test
    void norOneThatAnotherBrokerChangedAMomentAgo() throws Exception {
        String key = key("");
        String tag = broker.get("/v1/keys/" + key, admin).header("ETag");
        // This broker has not heard of it, since no revision of the shared state says so.
        home.execute("UPDATE key SET revision = revision + 1000000 WHERE id = '" + key + "'");

        Reply late = send("POST", "/v1/keys/" + key + ":disable", admin, "{}", Map.of("If-Match", tag));

        refused(late, 412, "precondition-failed", "read it again");
        assertThat(home.select("SELECT state FROM key WHERE id = '" + key + "'"))
                .isEqualToIgnoringCase("active");
    }

    private Reply alias(String name, String key, String token, Map<String, String> headers) throws Exception {
        return send("PUT", "/v1/aliases/" + name, token, "{'key':'" + key + "'}", headers);
    }

    @Test
    void aNameIsTakenFromAKeyOnlyByWhoMayChangeThatKeyToo() throws Exception {
        String used = key("");
        String own = key("");
        assertThat(alias("ledger", used, admin, Map.of()).status()).isEqualTo(200);
        assertThat(encrypt(used, home.token("ivy", "application")).status()).isEqualTo(200);

        Reply taken = alias("ledger", own, home.token("ivy", "administrator"), Map.of());
        String stillFor = broker.get("/v1/keys/ledger", admin)
                .body()
                .path("key")
                .path("id")
                .asText();
        Reply moved = alias("ledger", own, admin, Map.of());

        refused(taken, 403, "denied", "hat-worn");
        assertThat(input(taken).path("key").path("id").asText()).isEqualTo(used);
        assertThat(stillFor).isEqualTo(used);
        assertThat(moved.status()).isEqualTo(200);
        assertThat(input(moved).path("key").path("id").asText()).isEqualTo(own);
        JsonNode also = Records.keyproof(event(moved)).path("detail").path("alsoDecided");
        assertThat(also.path("allow").asBoolean()).isTrue();
        assertThat(also.path("input").path("key").path("id").asText()).isEqualTo(used);
    }

    @Test
    void aNameIsNotGivenToAKeyThatAnotherBrokerChangedAMomentAgo() throws Exception {
        String key = key("");
        String tag = broker.get("/v1/keys/" + key, admin).header("ETag");
        home.execute("UPDATE key SET revision = revision + 1000000 WHERE id = '" + key + "'");

        refused(alias("late", key, admin, Map.of("If-Match", tag)), 412, "precondition-failed", "read it again");
        assertThat(home.select("SELECT count(*) FROM key_alias WHERE name = 'late'"))
                .isEqualTo("0");
    }
}
