package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.keyproof.broker.BrokerProcess.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every rule on what a real run leaves in its journals: brokers that serve callers, approvers and auditors, and then what goes wrong there.
 * Each rule is seen to pass and to fail, but for those that are named with the reason. Where time alone breaks a rule, the same records are
 * judged at a later time; where policy was weak, by the policy that is delivered.
 */
@Tag("server")
class JudgedRunTest {
    private static final long DAY = 86_400;
    private static final String DELIVERED = "as delivered";

    /** What no run fails, and why; for what the folds and rules say of such records see their own tests. */
    private static final Map<String, String> NEVER_FAILED = new TreeMap<>(Map.ofEntries(
            Map.entry("custody/one_home", "the broker has one provider of keys"),
            Map.entry("device/attributes_kept", "SoftHSM keeps the attributes of what it makes"),
            Map.entry("device/serves", "takes a group of tokens one of which is pulled: FailoverTest has its records"),
            Map.entry("inventory/accountability", "the broker makes no key without an owner"),
            Map.entry("lifecycle/destroyed_everywhere", "the broker ends no destruction that left something"),
            Map.entry("lifecycle/no_protection_after_end", "the broker refuses such a use"),
            Map.entry("lifecycle/no_use_after_destruction", "the broker refuses such a use"),
            Map.entry("material/confinement", "the broker orders every attribute, and reads it back"),
            Map.entry("material/immutability", "the broker orders every attribute, and reads it back"),
            Map.entry("platform/notices_reach", "a notice is given up after a day"),
            Map.entry(
                    "platform/policy_decides",
                    "the policy that is delivered decides; a bundle that does not is RealOpaTest's"),
            Map.entry("quorum/kill_switch_released", "policy's bounds leave no release without a quorum"),
            Map.entry("rotation/period_declared", "the broker gives every key a period"),
            Map.entry("rotation/retired_too_early", "the broker retires no version that has data keys"),
            Map.entry("rotation/re_wrap_in_time", "the broker re-wraps the few data keys of a test at once"),
            Map.entry("strength/born_by_recorded_step", "the broker makes no key without an intent"),
            Map.entry("usage/single_purpose", "the broker orders every flag, and reads it back")));

    /** What no run passes. */
    private static final Map<String, String> NEVER_PASSED = Map.of(
            "device/serves", "nothing is known of a token that never failed",
            "lifecycle/destruction_waited", "a week is waited");

    private TestHome home;
    private BrokerProcess broker;
    private BrokerProcess other;
    private JudgedRecord judged;
    private String admin;
    private String app;
    private String carol;
    private String auditor;
    private String hardToken;

    @BeforeEach
    void start() throws Exception {
        home = TestHome.create();
        judged = new JudgedRecord();
        admin = home.token("root", "administrator");
        app = home.token("payments", "application");
        carol = home.token("carol", "operator");
        auditor = home.token("eve", "auditor");
        ceremony("2", "ann", "ben", "cid");
        hardToken = JWKSet.load(home.root().resolve("approvers.json").toFile())
                .getKeyByKeyId("carol")
                .computeThumbprint()
                .toString();
        home.policy(parameters -> loosened(parameters, hardToken, false));
        home.set("keyproof.peers", "broker-1,broker-2")
                .set("keyproof.token.read-back", "3s")
                .set("keyproof.journal.preallocate-kib", "256");
        broker = home.start();
        other = home.set("keyproof.source", "broker-2").start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
        other.close();
        home.close();
    }

    @Test
    void everyRulePassesAndFailsOnTheRecordsOfARun() throws Exception {
        JsonNode waits =
                asked("{'operation':'DestroyKey','key':'" + key("'algorithm':'AES_256_GCM'") + "','change':'CHG-0'}");
        soundKeys();
        soundDuties();
        List<String> sound = judged.judge(DELIVERED, records(), 0);
        assertThat(sound).filteredOn(said -> said.contains(" FAIL ")).isEmpty();

        unsoundKeys();
        unsoundDuties();
        broken();
        late(waits);
        judged.judge(DELIVERED, records(), 0);
        otherPolicies();
        weakPolicy();
        refusedPolicy();
        anotherRootAndBook();
        withoutRoom();
        anOlderDatabase();
        table();
    }

    private void table() {
        Set<String> passed = new TreeSet<>();
        Set<String> failed = new TreeSet<>();
        judged.table().forEach((rule, verdicts) -> {
            if (!verdicts.contains("PASS")) {
                passed.add(rule);
            }
            if (!verdicts.contains("FAIL")) {
                failed.add(rule);
            }
        });
        assertThat(judged.table()).hasSize(35 + 29);
        assertThat(failed).as("never failed").isEqualTo(NEVER_FAILED.keySet());
        assertThat(passed).as("never passed").isEqualTo(NEVER_PASSED.keySet());
    }

    /** Makes a root for two tokens that are there beside the broker's. */
    private void ceremony(String threshold, String... custodians) throws Exception {
        List<JWK> people = new ArrayList<>();
        for (String name : custodians) {
            people.add(JWK.parse(home.newApprover(name)));
        }
        String number = Long.toString(System.nanoTime());
        Path keys = Files.writeString(home.root().resolve("custodians-" + number), new JWKSet(people).toString());
        List<String> words = new ArrayList<>(List.of("root"));
        for (String token : custodians.length > 2 ? List.of("a" + number, "b" + number) : List.of("c" + number)) {
            String label = token.substring(0, Math.min(30, token.length()));
            home.addToken(label);
            words.addAll(List.of("--token", label, "--module", TestHome.MODULE.toString()));
            words.addAll(List.of("--pin-file", home.root().resolve("pin").toString()));
        }
        Path out = home.root().resolve("made-" + number);
        words.addAll(List.of("--custodians", keys.toString(), "--threshold", threshold, "--out", out.toString()));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.keyproof.broker.ceremony.CeremonyApplication"));
        command.addAll(words);
        Path log = home.root().resolve("ceremony.log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(home.environment());
        assertThat(builder.start().waitFor()).as(Files.readString(log)).isZero();
        Path transcripts = Files.createDirectories(home.root().resolve("ceremony"));
        try (var files = Files.list(out)) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".json")).toList()) {
                Files.copy(file, transcripts.resolve(file.getFileName()));
            }
        }
    }

    /** Carol has a hard token; and if {@code weak}, one approver is enough, and none for the switch. */
    private static void loosened(ObjectNode parameters, String hardToken, boolean weak) {
        parameters.withObject("/elevation/breakGlass").putArray("hardTokens").add(hardToken);
        if (weak) {
            parameters.withObject("/quorums/DestroyKey").put("approvers", 1);
        }
    }

    private List<JsonNode> records() throws Exception {
        List<JsonNode> events = new ArrayList<>();
        for (int source = 1; source <= 2; source++) {
            events.addAll(Records.of(home.root().resolve("journal").resolve("broker-" + source))
                    .events());
        }
        return events;
    }

    private long told(String operation) throws Exception {
        return records().stream()
                .filter(event -> event.at("/api/operation").asText().equals(operation))
                .count();
    }

    private static Reply ok(Reply reply) {
        assertThat(reply.status()).as("%s", reply).isBetween(200, 201);
        return reply;
    }

    private String key(String terms) throws Exception {
        return ok(broker.post("/v1/keys", admin, "{'name':'k','owner':'payments'," + terms + "}"))
                .body()
                .path("id")
                .asText();
    }

    private Reply on(String key, String act, String token, String body) throws Exception {
        return broker.post("/v1/keys/" + key + ":" + act, token, body);
    }

    private Reply encrypt(String key, String token) throws Exception {
        return on(key, "encrypt", token, "{'plaintext':'aGVsbG8='}");
    }

    private JsonNode asked(String request) throws Exception {
        return ok(broker.post("/v1/approvals", admin, request)).body();
    }

    private String approved(String request) throws Exception {
        return home.approved(broker, request);
    }

    private Reply turn(boolean on, String more) throws Exception {
        return broker.call("PUT", "/v1/kill-switch", admin, "{\"on\":" + on + more + "}");
    }

    private static final String RESTRICTED = "'sensitivity':'restricted','residency':'eu','residence':'resident',"
            + "'tags':{'callers':'payments'},'scope':{'service':'pay','environment':'production'}";

    private void soundKeys() throws Exception {
        String key = key("'algorithm':'AES_256_GCM'," + RESTRICTED);
        ok(encrypt(key, app));
        ok(on(key, "rotate", admin, "{}"));
        ok(encrypt(key, app));
        String backedOut = key("'algorithm':'EC_P256'");
        ok(on(backedOut, "rotate", admin, "{}"));
        ok(on(backedOut, "back-out", admin, "{}"));
        String suspended = key("'algorithm':'EC_P256'");
        ok(on(suspended, "disable", admin, "{}"));
        String compromised = key("'algorithm':'EC_P256'");
        ok(on(compromised, "mark-compromised", admin, "{'reason':'a copy was found'}"));
        key("'algorithm':'EC_P256','activates':'" + Instant.now().plusSeconds(10 * DAY) + "'");
        String wrap = key("'algorithm':'AES_256_GCM','purpose':'wrap'");
        ok(on(wrap, "rotate", admin, "{}"));
        String destroyed = key("'algorithm':'EC_P256'");
        ok(on(
                destroyed,
                "destroy",
                admin,
                "{'approval':'" + approved("{'operation':'DestroyKey','key':'" + destroyed + "','change':'CHG-1'}")
                        + "'}"));
        schedule(key("'algorithm':'EC_P256'"));
        except(key("'algorithm':'EC_P256'"));
    }

    /** It may fail a rule, for as long as it takes until all is judged late. */
    private void except(String key) throws Exception {
        String cora = home.token("cora", "compliance");
        String terms = "'exception':'migration-7','rule':'lifecycle/dormant','days':90,'reason':'the service moves'"
                + ",'compensating':'used by one service on one host'";
        JsonNode asked = ok(broker.post(
                        "/v1/approvals",
                        cora,
                        "{'operation':'GrantException','key':'" + key + "','change':'CHG-8','parameters':{" + terms
                                + "}}"))
                .body();
        for (String approver : List.of("alice", "bob")) {
            ok(home.sign(broker, approver, asked));
        }
        ok(on(
                key,
                "grant-exception",
                cora,
                "{" + terms + ",'approval':'" + asked.path("id").asText() + "'}"));
    }

    private void schedule(String key) throws Exception {
        String approval = approved(
                "{'operation':'ScheduleDestruction','key':'" + key + "','change':'CHG-2','parameters':{'days':7}}");
        ok(on(key, "schedule-destruction", admin, "{'days':7,'approval':'" + approval + "'}"));
    }

    private void soundDuties() throws Exception {
        ok(broker.get("/v1/inventory", auditor));
        assertThat(on(key("'algorithm':'EC_P256'"), "rotate", app, "{}").status())
                .isEqualTo(403);
        ok(turn(true, ""));
        ok(turn(false, ",\"approval\":\"" + release() + "\""));
        String glass = brokenGlass();
        ok(broker.post("/v1/elevations/" + glass + ":end", carol, "{}"));
        ok(broker.post("/v1/elevations/" + glass + "/review", auditor, "{'verdict':'justified','text':'INC-7'}"));
        enrol("dora");
    }

    private String release() throws Exception {
        return approved("{'operation':'SetKillSwitch','change':'CHG-3','parameters':{'on':false}}");
    }

    private void enrol(String id) throws Exception {
        JsonNode wanted = ok(broker.post(
                        "/v1/approvers",
                        admin,
                        "{'approver':'" + id + "','roles':['custodian'],'change':'CHG-4','jwk':" + home.newApprover(id)
                                + "}"))
                .body();
        for (String approver : List.of("alice", "bob")) {
            ok(home.sign(broker, approver, wanted));
        }
        ok(broker.call(
                "PUT",
                "/v1/approvers/" + id,
                admin,
                "{\"approval\":\"" + wanted.path("id").asText() + "\"}"));
    }

    private String brokenGlass() throws Exception {
        String key = key("'algorithm':'EC_P256'");
        JsonNode asked = ok(broker.post(
                        "/v1/elevations",
                        carol,
                        "{'reason':'INC-7','change':'CHG-7','role':'custodian','minutes':5,'breakGlass':true,'keys':['"
                                + key + "']}"))
                .body();
        String id = asked.at("/elevation/id").asText();
        ok(broker.post(
                "/v1/elevations/" + id + ":activate",
                carol,
                "{'jws':'" + home.approve("carol", asked.path("statement").asText()) + "'}"));
        return id;
    }

    private void unsoundKeys() throws Exception {
        // Nothing that its class asks for.
        key("'algorithm':'AES_256_GCM','sensitivity':'restricted','residence':'replicated'");
        String limited = key("'algorithm':'AES_256_GCM','usageLimit':5");
        for (int i = 0; i < 4; i++) {
            ok(encrypt(limited, app));
        }
        // A rotation that policy permits, and that fails.
        String key = key("'algorithm':'EC_P256'");
        assertThat(broker.call("POST", "/v1/keys/" + key + ":rotate", admin, "{}", Map.of("If-Match", "\"0\""))
                        .status())
                .isEqualTo(412);
        key("'algorithm':'RSA_2048'");
        // Ordered for in a week, and somebody who has the database's password says it is today.
        String today = key("'algorithm':'EC_P256'");
        schedule(today);
        home.execute("UPDATE key SET destroys = now(), revision = (SELECT revision + 1 FROM shared_state) WHERE id = '"
                + today + "'; UPDATE shared_state SET revision = revision + 1");
        // Before the switch is turned, which would put it off.
        await().atMost(Duration.ofSeconds(90))
                .until(() -> records().stream()
                        .anyMatch(event -> event.at("/api/operation").asText().equals("DestroyKey")
                                && event.at("/unmapped/keyproof/detail/order").isTextual()));
    }

    private void unsoundDuties() throws Exception {
        // Of a key that they did not make: who has put on a hat cannot put on another.
        String key = ok(broker.post(
                        "/v1/keys", home.token("otto", "administrator"), "{'name':'k','algorithm':'AES_256_GCM'}"))
                .body()
                .path("id")
                .asText();
        ok(encrypt(key, home.token("root", "application")));
        ok(encrypt(key, home.token("eve", "application")));
        String visitor = home.token("visitor", "auditor");
        for (int i = 0; i < 51; i++) {
            assertThat(encrypt(key, visitor).status()).isEqualTo(403);
        }
        for (int i = 0; i < 2; i++) {
            brokenGlass();
        }
        // Alice and bob lend; then alice is revoked, and so is dora.
        String olga = home.token("olga", "operator");
        JsonNode lent = ok(broker.post(
                        "/v1/elevations",
                        olga,
                        "{'reason':'INC-7','change':'CHG-7','role':'custodian','minutes':30,'keys':['" + key + "']}"))
                .body();
        JsonNode request = ok(broker.get(
                        "/v1/approvals/" + lent.at("/elevation/approval").asText(), admin))
                .body();
        for (String approver : List.of("alice", "bob")) {
            ok(home.sign(broker, approver, request));
        }
        ok(broker.post("/v1/elevations/" + lent.at("/elevation/id").asText() + ":activate", olga, "{}"));
        revoke("alice", "bob", "carol");
        revoke("dora", "bob", "carol");
        await().atMost(Duration.ofSeconds(30)).until(() -> told("ElevationUnfounded") > 0);
        judged.judge(DELIVERED, records(), 0);
        enrolAgain("alice");
    }

    /** The same person with another key. */
    private void enrolAgain(String id) throws Exception {
        JsonNode wanted = ok(broker.post(
                        "/v1/approvers",
                        admin,
                        "{'approver':'" + id + "','roles':['custodian'],'change':'CHG-4','jwk':" + home.newApprover(id)
                                + "}"))
                .body();
        for (String approver : List.of("bob", "carol")) {
            ok(home.sign(broker, approver, wanted));
        }
        ok(broker.call(
                "PUT",
                "/v1/approvers/" + id,
                admin,
                "{\"approval\":\"" + wanted.path("id").asText() + "\"}"));
    }

    private void revoke(String id, String... by) throws Exception {
        JsonNode asked =
                asked("{'operation':'RevokeApprover','change':'CHG-6','parameters':{'approver':'" + id + "'}}");
        for (String approver : by) {
            ok(home.sign(broker, approver, asked));
        }
        ok(broker.call(
                "DELETE",
                "/v1/approvers/" + id + "?approval=" + asked.path("id").asText(),
                admin,
                null));
    }

    /** What somebody does who has the database's password, and somebody with the token's PIN. */
    private void broken() throws Exception {
        ok(turn(true, ""));
        String release = release();
        ok(turn(false, ",\"approval\":\"" + release + "\""));
        home.execute("UPDATE approval SET used_by = NULL WHERE id = '" + release + "'");
        ok(turn(true, ""));
        ok(turn(false, ",\"approval\":\"" + release + "\""));

        home.execute("INSERT INTO approver_entry VALUES (99, 'EnrolApprover', '{\"approver\":\"mallory\"}', NULL,"
                + " 'broker-1', (SELECT epoch FROM approver_entry LIMIT 1), 1)");
        await().atMost(Duration.ofSeconds(30)).until(() -> told("ApproverTampered") > 0);
        home.execute("DELETE FROM approver_entry WHERE number = 99");

        Intruder.run(home, "make", "mine");
        home.execute("DELETE FROM device_token");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> told("DeviceTampered") > 0 && told("AdoptDeviceObjects") > 1);
    }

    /** A quorum that comes after more than a minute. */
    private void late(JsonNode waits) throws Exception {
        ok(home.sign(broker, "bob", waits));
        Instant asked = records().stream()
                .filter(event -> event.at("/unmapped/keyproof/detail/approval")
                        .asText()
                        .equals(waits.path("id").asText()))
                .map(event -> Instant.ofEpochMilli(event.path("time").asLong()))
                .findFirst()
                .orElseThrow();
        await().atMost(Duration.ofSeconds(90)).until(() -> Instant.now().isAfter(asked.plusSeconds(62)));
        ok(home.sign(broker, "carol", waits));
        ok(on(
                waits.path("key").asText(),
                "destroy",
                admin,
                "{'approval':'" + waits.path("id").asText() + "'}"));
    }

    /** What time and stricter policies find in the same records; and brokers under weak or different policies. */
    private void otherPolicies() throws Exception {
        List<JsonNode> events = records();
        for (long days : List.of(1L, 2L, 9L, 12L, 31L, 91L, 366L, 1300L, 1500L)) {
            judged.judge(DELIVERED, events, days * DAY + 7_200);
        }
        judged.engine("strict", parameters -> {
            parameters.withObject("/approving").put("quorumMinutes", 1);
            parameters.withObject("/sensitivity").put("required", true);
            parameters.withObject("/persons").putArray("r").add("root").add("bob");
            parameters.withObject("/persons").putArray("c").add("carol").add("eve");
            parameters.withObject("/persons").putArray("a").add("ann").add("cid");
            parameters.withObject("/transitions").putArray("active").add("active");
            parameters
                    .withObject("/algorithms/AES_256_GCM")
                    .putArray("purposes")
                    .add("wrap");
            parameters.withObject("/usageLimits").put("AES_256_GCM", 1000);
            parameters.withObject("/retention").putArray("frameworks").add("pci-dss");
            parameters.withObject("/retention/demands/pci-dss").put("months", 600);
        });
        judged.judge("strict", events, 0);
        // As it was for a moment between the intent and the outcome of a change, for a broker that would have died
        // there.
        int intent = events.size() - 1;
        while (!Records.kind(events.get(intent)).equals("intent")) {
            intent--;
        }
        judged.judge(DELIVERED, events.subList(0, intent + 1), 1_000);
    }

    private void weakPolicy() throws Exception {
        put(parameters -> loosened(parameters, hardToken, true));
        await().atMost(Duration.ofSeconds(60)).until(() -> told("ChangePolicy") == 2);
        judged.judge(DELIVERED, records(), 1_000);
        String key = key("'algorithm':'EC_P256'");
        JsonNode one = asked("{'operation':'DestroyKey','key':'" + key + "','change':'CHG-8'}");
        ok(home.sign(broker, "bob", one));
        ok(on(key, "destroy", admin, "{'approval':'" + one.path("id").asText() + "'}"));
    }

    private void refusedPolicy() throws Exception {
        // Nobody signed it.
        TestPolicy.put(home.root(), TestPolicy.of(parameters -> {}).bytes());
        await().atMost(Duration.ofSeconds(60)).until(() -> told("RefusePolicy") > 0);
        judged.judge(DELIVERED, records(), 0);
    }

    /** Another root, of which nothing may be lost; another policy at one broker; and a book of approvers that was emptied. */
    private void anotherRootAndBook() throws Exception {
        ceremony("2", "ann", "ben");
        broker.close();
        other.close();
        home.execute("DELETE FROM approver_entry; DELETE FROM approver");
        put(parameters -> {});
        home.set("keyproof.source", "broker-1");
        broker = home.start();
        Path mine = Files.createDirectory(home.root().resolve("mine"));
        TestPolicy.install(
                mine, parameters -> parameters.withObject("/throttle/caller").put("burst", 39_999));
        other = home.set("keyproof.source", "broker-2")
                .set("keyproof.policy.bundle", TestPolicy.bundle(mine).toString())
                .set("keyproof.policy.key", TestPolicy.key(mine).toString())
                .start();
        home.set("keyproof.policy.bundle", TestPolicy.bundle(home.root()).toString())
                .set("keyproof.policy.key", TestPolicy.key(home.root()).toString());
        await().atMost(Duration.ofSeconds(30)).until(() -> told("RecordCeremony") > 1);
        judged.judge(DELIVERED, records(), 1_000);
    }

    /** As whoever deploys does it: whole or not at all. */
    private void put(Consumer<ObjectNode> change) throws Exception {
        TestPolicy.install(home.root(), change);
    }

    /** The journal may not grow for a while. */
    private void withoutRoom() throws Exception {
        String key = key("'algorithm':'AES_256_GCM'");
        FileLimit.set(broker, home.journal());
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> encrypt(key, app).status() == 503);
        FileLimit.lift(broker);
        await().atMost(Duration.ofSeconds(20)).until(() -> encrypt(key, app).status() == 200);
        judged.judge(DELIVERED, records(), 0);
    }

    /** Yesterday's copy of the database in place of today's. */
    private void anOlderDatabase() throws Exception {
        PostgresServer postgres = home.postgres();
        postgres.stop();
        Path yesterday = home.root().resolve("postgres.yesterday");
        postgres.copyTo(yesterday);
        postgres.start();
        String key = await().atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> key("'algorithm':'EC_P256'"), made -> !made.isEmpty());
        assertThat(key).isNotEmpty();
        String revision = home.select("SELECT revision FROM shared_state");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> records().stream()
                        .anyMatch(event -> event.at("/api/operation").asText().equals("WitnessState")
                                && event.at("/unmapped/keyproof/detail/revision")
                                        .asText()
                                        .equals(revision)));
        postgres.stop();
        postgres.exchange(yesterday);
        postgres.start();
        await().atMost(Duration.ofSeconds(60)).until(() -> told("RefuseOlderState") > 0);
        judged.judge(DELIVERED, records(), 0);
    }
}
