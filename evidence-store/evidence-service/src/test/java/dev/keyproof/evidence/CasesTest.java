package dev.keyproof.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.User;
import dev.keyproof.event.testing.OcsfSchema;
import dev.keyproof.evidence.config.ConfigReader;
import dev.keyproof.evidence.seal.CaseEvents;
import dev.keyproof.evidence.seal.LogEvents;
import dev.keyproof.evidence.testing.PageBrowser;
import dev.keyproof.evidence.testing.TestingClock;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.log.sealed.SealedLogReader;
import dev.keyproof.verify.CaseStep;
import dev.keyproof.verify.PolicyBundle;
import dev.keyproof.verify.Summary;
import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingZip;
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
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An auditor's case from its opening to the pack that is carried away. */
@Tag("server")
final class CasesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final TestingRecords RECORDS = new TestingRecords();
    private static final String UNKNOWN = "00000000-0000-0000-0000-000000000000";

    @TempDir
    static Path dir;

    @TempDir
    Path home;

    private static TestingHouse house;

    private record Said(int status, JsonNode json) {
        String problem() {
            return status + " " + json.path("type").asText().replaceFirst(".*:", "");
        }
    }

    @BeforeAll
    static void start() throws Exception {
        house = new TestingHouse(dir);
    }

    @AfterAll
    static void stop() {
        house.close();
    }

    @Test
    void aCaseIsCarriedAwayWithAllThatWasAttachedAndWhatThatNeeds() throws Exception {
        TestingClock clock = new TestingClock(Instant.parse("2025-12-31T23:00:00Z"));
        String id;
        JsonNode told;
        try (TestingJournal journal = journal("carried");
                EvidenceService service = service(clock)) {
            // Given: in one year approvers are enrolled and records sealed, in the next one of them approves a
            // destruction
            KeyPair erin = TestingAuthority.keyPair();
            send(journal, List.of(RECORDS.first(), RECORDS.second(erin), record -> record, record -> record));
            attested(service, journal, 4);
            clock.pass(Duration.ofHours(2));
            await().atMost(PATIENCE)
                    .until(() ->
                            house.get(service.port(), "/v1/state").path("year").asInt() == 2026);
            send(journal, List.of(RECORDS.destruction(erin), record -> record));
            attested(service, journal, 6);
            long signed = index(2025, "\"sequence\":2");
            long destroyed = index(2026, "\"sequence\":4");
            covered(service, 2025, signed);
            covered(service, 2026, destroyed);

            // When
            Said opened = ask(service, "POST", "/v1/cases", "auditor", "{}");
            assertThat(opened.status).as(opened.json.toString()).isEqualTo(201);
            id = opened.json.path("id").asText();
            String path = "/v1/cases/" + id;
            assertThat(attach(service, path, 2025, signed).status).isEqualTo(201);
            assertThat(attach(service, path, 2026, destroyed).status).isEqualTo(201);
            Said noted = ask(service, "POST", path + "/notes", "auditor", "{\"text\":\"Why at night?\"}");
            assertThat(noted.status).as(noted.json.toString()).isEqualTo(201);
            JsonNode open = pack(service, id);
            assertThat(ask(service, "POST", path + ":close", "auditor", "").status)
                    .isEqualTo(200);

            // Then
            told = ask(service, "GET", path, "auditor", "").json;
            assertThat(told.path("state").asText()).isEqualTo("closed");
            assertThat(told.path("records").asInt()).isEqualTo(2);
            assertThat(told.path("closedBy").asText()).isEqualTo("ann");
            assertThat(told.path("steps"))
                    .extracting(step -> step.path("step").asText())
                    .containsExactly("opened", "attached", "attached", "noted", "closed");
            assertThat(ask(service, "GET", "/v1/cases", "auditor", "").json.path("cases"))
                    .hasSize(1);
            assertThat(TestingHouse.proven(open).notes())
                    .anyMatch(note -> note.startsWith("The first 4 steps of the case are here"));

            JsonNode built = pack(service, id);
            Summary summary = TestingHouse.proven(built);
            assertThat(summary.entries()).isEqualTo(7);
            // The destruction's, and that of the enrolment of whom it needs; beside that who enrolled her, and two
            // heads.
            assertThat(summary.approvals()).isEqualTo(2);
            assertThat(summary.supporting()).isEqualTo(4);
            assertThat(summary.logs()).hasSize(2);
            assertThat(summary.notes())
                    .anyMatch(note -> note.startsWith("The case was closed: its 5 steps are all here"));
            assertThat(MAPPER.readTree(text(built, "manifest.json"))
                            .at("/scope/case")
                            .asText())
                    .isEqualTo(id);
            assertThat(text(built, "NOT-PROVEN.md"))
                    .contains("That nothing was done in the case " + id + " after the last of its steps");
            assertThat(text(built, "report.html")).contains("single records of the case " + id);
            // What is neither attached nor needed stays at home, and what notes say.
            assertThat(text(built, "records.ndjson").lines()).hasSizeLessThan(13);
            assertThat(text(built, "records.ndjson")).doesNotContain("night");
            sameByThePage(List.of(open, built));
        }

        // And: a restart forgets nothing
        try (EvidenceService service = service(clock)) {
            assertThat(ask(service, "GET", "/v1/cases/" + id, "auditor", "").json)
                    .isEqualTo(told);
            assertThat(TestingHouse.proven(pack(service, id)).entries()).isEqualTo(7);
            Said steps =
                    ask(service, "POST", "/v1/packs", "auditor", "{\"years\":[2025,2026],\"operation\":\"LogCase\"}");
            assertThat(TestingHouse.proven(steps.json).entries()).isEqualTo(5);
        }

        // And: what follows nothing is no step, whoever it was that it came too late for
        String origin = "keyproof/log/" + TestingHouse.name(home) + "/2026";
        try (SealedLog log = SealedLog.open(home.resolve("log/2026"), origin, LogOptions.DEFAULTS)) {
            Hash last = Hash.parseHex(told.at("/steps/4/leaf").asText());
            CaseStep late = new CaseStep(id, Optional.of(last), new CaseStep.Noted("sha256:" + "0".repeat(64)));
            byte[] entry = new CaseEvents(new LogEvents(clock)).step(origin, late, User.of("ann", List.of("auditor")));
            log.append(List.of(entry), log.positions()).get();
        }
        try (EvidenceService service = service(clock)) {
            assertThat(ask(service, "GET", "/v1/cases/" + id, "auditor", "").json)
                    .isEqualTo(told);
            assertThat(TestingHouse.proven(pack(service, id)).entries()).isEqualTo(7);
        }
    }

    @Test
    void whatCannotBeDoneIsRefusedAndLosesNothing() throws Exception {
        try (EvidenceService service = service(Clock.systemUTC())) {
            String first = open(service);
            String path = "/v1/cases/" + first;
            int year = house.get(service.port(), "/v1/state").path("year").asInt();
            assertThat(attach(service, path, year, 0).status).isEqualTo(201);
            JsonNode before = ask(service, "GET", path, "auditor", "").json;
            long step = before.at("/steps/0/index").asLong();
            covered(service, year, step);

            assertThat(attach(service, path, year, 999_999).problem()).isEqualTo("409 not-sealed");
            assertThat(attach(service, path, year - 1, 0).problem()).isEqualTo("409 not-sealed");
            assertThat(attach(service, path, year, 0).problem()).isEqualTo("409 in-case-already");
            assertThat(attach(service, path, year, step).problem()).isEqualTo("409 in-case-already");
            assertThat(attach(service, "/v1/cases/" + UNKNOWN, year, 0).problem())
                    .isEqualTo("404 not-found");
            assertThat(ask(service, "POST", path + "/holds", "auditor", "{\"hold\":\"none\"}")
                            .problem())
                    .isEqualTo("409 hold-not-in-force");
            for (Map.Entry<String, String> wrong : List.of(
                    Map.entry("/records", "{\"year\":\"2026\",\"index\":0}"),
                    Map.entry("/records", "{\"year\":2026,\"index\":-1}"),
                    Map.entry("/records", "{\"year\":2026}"),
                    Map.entry("/records", "[]"),
                    Map.entry("/records", "{"),
                    Map.entry("/notes", "{\"text\":\" \"}"),
                    Map.entry("/notes", "{\"text\":\"a\",\"to\":\"b\"}"),
                    Map.entry("/holds", "{\"hold\":\"" + "h".repeat(129) + "\"}"),
                    Map.entry(":close", "{\"why\":\"done\"}"))) {
                assertThat(ask(service, "POST", path + wrong.getKey(), "auditor", wrong.getValue())
                                .problem())
                        .as(wrong.toString())
                        .isEqualTo("409 not-possible");
            }
            for (String wrong : List.of(
                    "{\"case\":\"" + UNKNOWN + "\"}",
                    "{\"case\":\"" + first + "\",\"year\":" + year + "}",
                    "{\"case\":\"" + first + "\",\"key\":\"K1\"}")) {
                assertThat(ask(service, "POST", "/v1/packs", "auditor", wrong).problem())
                        .as(wrong)
                        .isEqualTo("409 not-possible");
            }
            assertThat(ask(service, "GET", path, "auditor", "").json).isEqualTo(before);

            // Who may do what: reading is for operators too, the work is an auditor's
            for (String change :
                    List.of("", "/" + first + "/records", "/" + first + "/notes", "/" + first + ":close")) {
                assertThat(ask(service, "POST", "/v1/cases" + change, "operator", "{}")
                                .problem())
                        .isEqualTo("403 forbidden");
            }
            assertThat(ask(service, "GET", path, "operator", "").status).isEqualTo(200);
            assertThat(ask(service, "GET", path, "custodian", "").status).isEqualTo(403);

            assertThat(ask(service, "POST", path + ":close", "auditor", "").status)
                    .isEqualTo(200);
            assertThat(ask(service, "POST", path + ":close", "auditor", "").problem())
                    .isEqualTo("409 case-closed");
            assertThat(ask(service, "POST", path + "/notes", "auditor", "{\"text\":\"late\"}")
                            .problem())
                    .isEqualTo("409 case-closed");

            // And all of it is on record, with who did it and what policy said
            List<JsonNode> sealed = entries(year);
            List<JsonNode> steps = sealed.stream()
                    .filter(entry -> entry.at("/api/operation").asText().equals("LogCase"))
                    .toList();
            assertThat(steps).hasSize(3).allSatisfy(entry -> {
                assertThat(OcsfSchema.violations(MAPPER.writeValueAsBytes(entry)))
                        .isEmpty();
                assertThat(entry.at("/actor/user/uid").asText()).isEqualTo("ann");
            });
            for (String operation :
                    List.of("OpenCase", "AttachRecord", "AddNote", "HoldCase", "CloseCase", "ReadCases")) {
                assertThat(sealed).anySatisfy(entry -> {
                    assertThat(entry.at("/api/operation").asText()).isEqualTo(operation);
                    assertThat(entry.at("/unmapped/keyproof/detail/access/scope/case")
                                    .asText())
                            .isEqualTo(first);
                    assertThat(entry.at("/unmapped/keyproof/decision/allow").asBoolean())
                            .isTrue();
                });
            }
        }
    }

    @Test
    void aNoteIsErasedAndThePackOfBeforeStaysProven() throws Exception {
        try (EvidenceService service = service(Clock.systemUTC())) {
            String id = open(service);
            String path = "/v1/cases/" + id;
            String note = ask(service, "POST", path + "/notes", "auditor", "{\"text\":\"Ada Lovelace said so\"}")
                    .json
                    .path("note")
                    .asText();
            assertThat(read(service, "/v1/artifacts/" + note)).isEqualTo("Ada Lovelace said so");
            JsonNode before = pack(service, id);
            Path kept = Files.copy(Path.of(before.path("pack").asText()), home.resolve("before.zip"));

            assertThat(ask(service, "DELETE", "/v1/artifacts/" + note, "operator", "{\"reason\":\"holds a name\"}")
                            .status)
                    .isEqualTo(200);

            assertThat(read(service, "/v1/artifacts/" + note)).doesNotContain("Ada");
            assertThat(ask(service, "GET", path, "auditor", "")
                            .json
                            .at("/steps/1/erased")
                            .asBoolean())
                    .isTrue();
            ((ObjectNode) before).put("pack", kept.toString());
            TestingHouse.proven(before);
            assertThat(TestingHouse.proven(pack(service, id)).entries()).isEqualTo(2);
        }
    }

    private static String open(EvidenceService service) throws Exception {
        // What is sealed at the start is under a head before anything is attached.
        covered(service, house.get(service.port(), "/v1/state").path("year").asInt(), 0);
        return ask(service, "POST", "/v1/cases", "auditor", "").json.path("id").asText();
    }

    /** Waits until a signed head covers an entry, and so it can be attached. */
    private static void covered(EvidenceService service, int year, long index) {
        await().atMost(PATIENCE)
                .until(() -> house.status(service.port(), "/v1/records/" + year + "/" + index, "auditor") == 200);
    }

    private static Said attach(EvidenceService service, String path, int year, long index) throws Exception {
        return ask(service, "POST", path + "/records", "auditor", "{\"year\":" + year + ",\"index\":" + index + "}");
    }

    private static Said ask(EvidenceService service, String method, String path, String role, String body)
            throws Exception {
        HttpResponse<String> answer = send(service, method, path, role, body);
        return new Said(answer.statusCode(), MAPPER.readTree(answer.body()));
    }

    private static String read(EvidenceService service, String path) throws Exception {
        return send(service, "GET", path, "auditor", "").body();
    }

    private static HttpResponse<String> send(
            EvidenceService service, String method, String path, String role, String body) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
                        .header("Authorization", house.bearer("ann", role))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode pack(EvidenceService service, String id) throws Exception {
        Said built = ask(service, "POST", "/v1/packs", "auditor", "{\"case\":\"" + id + "\"}");
        assertThat(built.json.path("verified").asBoolean()).as(built.toString()).isTrue();
        return built.json;
    }

    private static String text(JsonNode built, String file) throws Exception {
        return new String(
                TestingZip.file(Files.readAllBytes(Path.of(built.path("pack").asText())), file), UTF_8);
    }

    /** The page in the pack finds nothing wrong either. */
    private void sameByThePage(List<JsonNode> packs) throws Exception {
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

    private List<JsonNode> entries(int year) throws Exception {
        List<JsonNode> entries = new ArrayList<>();
        try (SealedLogReader log = SealedLogReader.open(home.resolve("log/" + year))) {
            for (byte[] entry : log.read(0, Math.toIntExact(log.durableSize()))) {
                entries.add(MAPPER.readTree(entry));
            }
        }
        return entries;
    }

    /** Where an operation's record stands that holds a text. */
    private long index(int year, String text) throws Exception {
        List<JsonNode> entries = entries(year);
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).path("metadata").toString().contains(text)) {
                return i;
            }
        }
        throw new AssertionError("not sealed: " + text);
    }

    private static void send(TestingJournal journal, List<UnaryOperator<String>> records) throws Exception {
        house.kafka.send("key-events", "K1", journal.append(records, "run"));
    }

    private static void attested(EvidenceService service, TestingJournal journal, long count) throws Exception {
        house.kafka.send(
                "attestations", journal.source(), List.of(journal.head().note().bytes()));
        await().atMost(PATIENCE).until(() -> house.attested(service, journal.source()) == count);
    }

    private static TestingJournal journal(String source) throws Exception {
        PolicyBundle bundle = PolicyBundle.read(house.policy);
        TestingJournal journal = new TestingJournal(
                dir.resolve("journals"), source, bundle.digest(), String.valueOf(bundle.dataDigest()));
        Files.writeString(house.journalKeys(), journal.vkey() + "\n");
        return journal;
    }

    private EvidenceService service(Clock clock) throws Exception {
        return EvidenceService.start(ConfigReader.read(house.config(home)), clock, failure -> {
            throw new AssertionError(failure);
        });
    }
}
