package dev.keyproof.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.event.testing.OcsfSchema;
import dev.keyproof.evidence.config.ConfigReader;
import dev.keyproof.evidence.head.LogKeys;
import dev.keyproof.evidence.testing.Folders;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.verify.PackVerifier;
import dev.keyproof.verify.Reason;
import dev.keyproof.verify.TrustFile;
import dev.keyproof.verify.Verdict;
import dev.keyproof.verify.VerifyCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Tag("server")
final class WitnessesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    static Path dir;

    private static TestingHouse house;

    @BeforeAll
    static void start() throws Exception {
        house = new TestingHouse(dir);
    }

    @AfterAll
    static void stop() {
        house.close();
    }

    @Test
    void headsAreCosignedServedAndPacked(@TempDir Path home) throws Exception {
        try (TestingWitness one = witness(home, "one.example/w");
                TestingWitness two = witness(home, "two.example/w");
                EvidenceService service = service(home, 2, one, two)) {
            // Given
            send(20);

            // When
            await().atMost(PATIENCE)
                    .until(() -> size(service) > 0 && lags(service).equals(List.of(0L, 0L)));

            // Then
            SignedHead served = checkpoint(service);
            assertThat(served.note().verifiedBy(List.of(one.verifier(), two.verifier())))
                    .hasSize(2);
            assertThat(served.note().verifiedBy(logKeys(home))).hasSize(2);
            JsonNode built = house.post(service.port(), "/v1/packs", "{}");
            assertThat(built.path("verified").asBoolean()).as(built.toString()).isTrue();
            Path pack = Path.of(built.path("pack").asText());
            TrustFile trust =
                    TrustFile.parse(Files.readString(Path.of(built.path("trust").asText())));
            Verdict verdict = new PackVerifier(Clock.systemUTC()).verify(pack, trust, false);
            assertThat(verdict).isInstanceOf(Verdict.Proven.class);
            assertThat(((Verdict.Proven) verdict).summary().notes())
                    .anyMatch(note -> note.endsWith("was cosigned by one.example/w, two.example/w:"
                            + " 2 of 2 witnesses that the trust file names, 2 wanted."));
            assertThat(trust.witnesses()).singleElement().satisfies(policy -> {
                assertThat(policy.quorum()).isEqualTo(2);
                assertThat(policy.witnesses()).containsExactly(one.verifier(), two.verifier());
            });
            SignedHead packed = SignedHead.parse(file(pack, "log/" + year() + "/checkpoint"));
            assertThat(packed.note().verifiedBy(List.of(one.verifier(), two.verifier())))
                    .hasSize(2);
            assertThat(file(pack, "NOT-PROVEN.md"))
                    .contains("the trust file asks for 2 of 2")
                    .contains("cosignatures of one.example/w, two.example/w")
                    .doesNotContain("no witness was checked");
        }
    }

    @Test
    void withOneOfTwoDownAQuorumOfOneGoesOn(@TempDir Path home) throws Exception {
        try (TestingWitness one = witness(home, "one.example/w");
                TestingWitness two = witness(home, "two.example/w");
                EvidenceService service = service(home, 1, one, two)) {
            // Given
            send(5);
            await().atMost(PATIENCE)
                    .until(() -> size(service) > 0 && lags(service).equals(List.of(0L, 0L)));
            long before = checkpoint(service).size();

            // When
            two.kill();
            send(5);
            await().atMost(PATIENCE).until(() -> checkpoint(service).size() >= before + 5);

            // Then
            SignedHead served = checkpoint(service);
            assertThat(served.note().verifiedBy(List.of(one.verifier()))).hasSize(1);
            assertThat(served.note().signatures()).noneMatch(line -> line.name().equals("two.example/w"));
            // The other is asked beside it: that it does not answer may be known a moment later.
            await().atMost(PATIENCE)
                    .until(() -> house.get(service.port(), "/v1/state")
                            .path("witnesses")
                            .path(1)
                            .path("trouble")
                            .asText()
                            .contains("does not answer"));

            // When: it comes back and still knows where it was
            two.restart();

            // Then
            await().atMost(PATIENCE)
                    .until(() -> size(service) > 0 && lags(service).equals(List.of(0L, 0L)));
            assertThat(checkpoint(service).note().verifiedBy(List.of(one.verifier(), two.verifier())))
                    .hasSize(2);
        }
    }

    @Test
    void nothingIsSignedBeforeEnoughWitnessesAnswered(@TempDir Path home) throws Exception {
        try (TestingWitness one = witness(home, "one.example/w")) {
            // Given
            one.kill();
            try (EvidenceService service = service(home, 1, one)) {
                send(5);

                // When
                await().atMost(PATIENCE)
                        .until(() -> health(service).contains("1 of 1 witnesses said which head they saw last"));

                // Then
                assertThat(house.get(service.port(), "/v1/state").path("size").asLong())
                        .isZero();
                one.restart();
                await().atMost(PATIENCE).until(() -> lags(service).equals(List.of(0L)) && size(service) > 0);
            }
        }
    }

    @Test
    void aWholeHomePutBackTokenIncludedSignsNothing(@TempDir Path home, @TempDir Path saved) throws Exception {
        Path tokens = Path.of(System.getenv("SOFTHSM2_CONF")).resolveSibling("tokens");
        try (TestingWitness one = witness(home, "one.example/w")) {
            // Given
            grow(home, one, 5);
            Folders.copy(home, saved.resolve("home"));
            Folders.copy(tokens, saved.resolve("tokens"));
            long seen = grow(home, one, 5);

            // When
            Folders.putBack(saved.resolve("home"), home);
            Folders.putBack(saved.resolve("tokens"), tokens);
            try (EvidenceService service = service(home, 1, one)) {
                long signed = size(service);
                send(5);
                await().atMost(PATIENCE).until(() -> health(service).contains("its folder is older"));

                // Then
                assertThat(health(service))
                        .contains("knows a head of " + seen + " entries")
                        .contains("\"DOWN\"");
                await().atMost(PATIENCE)
                        .until(() -> house.get(service.port(), "/v1/state")
                                        .path("sealed")
                                        .asLong()
                                > seen);
                assertThat(size(service)).isEqualTo(signed).isLessThan(seen);
                await().atMost(PATIENCE).until(() -> !alerts(home, "alerts").isEmpty());
                assertThat(house.post(service.port(), "/v1/packs", "{}")
                                .path("status")
                                .asInt())
                        .isEqualTo(409);
            }
        }
    }

    @Test
    void aForkIsRefusedByTheWitnessAndAnAlertFires(@TempDir Path home, @TempDir Path saved) throws Exception {
        Path tokens = Path.of(System.getenv("SOFTHSM2_CONF")).resolveSibling("tokens");
        try (TestingWitness one = witness(home, "one.example/w")) {
            // Given: with token and folder put back, a longer fork is signed out of the witness's sight
            grow(home, one, 5);
            Folders.copy(home, saved.resolve("home"));
            Folders.copy(tokens, saved.resolve("tokens"));
            long seen = grow(home, one, 5);
            Folders.putBack(saved.resolve("home"), home);
            Folders.putBack(saved.resolve("tokens"), tokens);
            try (EvidenceService unseen = service(home, 0)) {
                send(20);
                await().atMost(PATIENCE).until(() -> size(unseen) > seen + 10);
            }

            // When
            try (EvidenceService service = service(home, 1, one)) {
                long forked = size(service);
                send(5);
                await().atMost(PATIENCE).until(() -> health(service).contains("saw another history of this log"));

                // Then
                await().atMost(PATIENCE).until(() -> !alerts(home, "alerts").isEmpty());
                assertThat(alerts(home, "findings")).isNotEmpty();
                String alert = alerts(home, "alerts").getFirst();
                assertThat(alert).contains("\"is_alert\":true").contains("one.example/w");
                assertThat(OcsfSchema.violations(alert.getBytes(UTF_8))).isEmpty();
                assertThat(size(service)).isEqualTo(forked);
                assertThat(lags(service).getFirst()).isPositive();
            }
        }
    }

    @Test
    void aRewrittenHistorySignedByTheRealKeysIsRefusedByWhoHoldsAWitnessOrAnOlderPack(
            @TempDir Path home, @TempDir Path saved) throws Exception {
        Path tokens = Path.of(System.getenv("SOFTHSM2_CONF")).resolveSibling("tokens");
        try (TestingWitness one = witness(home, "one.example/w")) {
            // Given: a pack was handed out
            grow(home, one, 5);
            Folders.copy(home, saved.resolve("home"));
            Folders.copy(tokens, saved.resolve("tokens"));
            grow(home, one, 5);
            Handed older;
            try (EvidenceService service = service(home, 1, one)) {
                await().atMost(PATIENCE).until(() -> lags(service).equals(List.of(0L)));
                older = handOut(service, Files.createDirectories(saved.resolve("handed-out")));
            }
            List<byte[]> honest = new ArrayList<>();
            byte[] positions;
            try (SealedLog log = log(home)) {
                honest.addAll(log.read(0, Math.toIntExact(log.size())));
                positions = log.positions();
            }

            // When: the operator, whose machine and token are as they were before, leaves one record out, and signs all
            // the same
            Folders.putBack(saved.resolve("home"), home);
            Folders.putBack(saved.resolve("tokens"), tokens);
            try (SealedLog log = log(home)) {
                log.append(honest.subList(Math.toIntExact(log.size()) + 1, honest.size()), positions)
                        .get();
            }
            Handed forged;
            try (EvidenceService unseen = service(home, 0)) {
                send(5);
                await().atMost(PATIENCE).until(() -> size(unseen) > honest.size() + 2);
                forged = handOut(unseen, Files.createDirectories(saved.resolve("forged")));
            }

            // Then: alone it is proven, and its own page says what it cannot exclude
            assertThat(verify(forged.pack, forged.trust).out).contains("\"verdict\" : \"proven\"");
            assertThat(file(forged.pack, "NOT-PROVEN.md"))
                    .contains("signed a second log")
                    .contains(
                            "an older pack that somebody kept (`verify --older`), or witnesses; the trust file names none,"
                                    + " so no witness was checked.");
            Said beside = verify(forged.pack, forged.trust, "--older", older.pack.toString());
            assertThat(beside.exit).as(beside.out).isEqualTo(1);
            assertThat(beside.out)
                    .contains("\"code\" : \"" + Reason.LOG_FORKED.code() + "\"")
                    .contains("one of them was rewritten");
            Said witnessed = verify(forged.pack, older.trust);
            assertThat(witnessed.exit).as(witnessed.out).isEqualTo(1);
            assertThat(witnessed.out)
                    .contains("\"code\" : \"" + Reason.TOO_FEW_WITNESSES.code() + "\"")
                    .contains("cosigned by 0 of the 1 witnesses");
        }
    }

    private record Handed(Path pack, Path trust) {}

    private static Handed handOut(EvidenceService service, Path to) throws IOException {
        JsonNode built = house.post(service.port(), "/v1/packs", "{}");
        assertThat(built.path("verified").asBoolean()).as(built.toString()).isTrue();
        return new Handed(
                Files.copy(Path.of(built.path("pack").asText()), to.resolve("pack.zip")),
                Files.copy(Path.of(built.path("trust").asText()), to.resolve("pack.trust")));
    }

    private record Said(int exit, String out) {}

    private static Said verify(Path pack, Path trust, String... more) {
        StringWriter out = new StringWriter();
        List<String> args = new ArrayList<>(List.of(pack.toString(), "--trust", trust.toString(), "--json"));
        args.addAll(List.of(more));
        int exit = new CommandLine(new VerifyCommand())
                .setOut(new PrintWriter(out))
                .execute(args.toArray(String[]::new));
        return new Said(exit, out.toString());
    }

    private static SealedLog log(Path home) throws Exception {
        return SealedLog.open(
                home.resolve("home").resolve("log").resolve(year()),
                "keyproof/log/" + TestingHouse.name(home.resolve("home")) + "/" + year(),
                LogOptions.DEFAULTS);
    }

    /** Runs until the witness cosigned some more entries; gives the size of the head that it saw. */
    private static long grow(Path home, TestingWitness witness, int entries) throws Exception {
        try (EvidenceService service = service(home, 1, witness)) {
            long before = size(service);
            send(entries);
            await().atMost(PATIENCE).until(() -> size(service) >= before + entries);
        }
        // What was signed as it stopped is shown to the witness by the next one.
        try (EvidenceService service = service(home, 1, witness)) {
            await().atMost(PATIENCE)
                    .until(() -> size(service) > 0 && lags(service).equals(List.of(0L)));
            return size(service);
        }
    }

    private static EvidenceService service(Path home, int quorum, TestingWitness... witnesses) throws Exception {
        Path config = house.config(home.resolve("home"));
        if (witnesses.length > 0) {
            Files.writeString(
                    config,
                    "witnesses: {quorum: " + quorum + ", intervalSeconds: 1, list: ["
                            + String.join(
                                    ", ",
                                    Arrays.stream(witnesses)
                                            .map(TestingWitness::yaml)
                                            .toList())
                            + "]}\n",
                    StandardOpenOption.APPEND);
        }
        return EvidenceService.start(ConfigReader.read(config), Clock.systemUTC(), failure -> {
            throw new AssertionError(failure);
        });
    }

    private static TestingWitness witness(Path home, String name) throws Exception {
        return new TestingWitness(dir.resolve("w" + home.hashCode() + name.charAt(0)), name, logKeys(home));
    }

    private static List<NoteVerifier> logKeys(Path home) throws Exception {
        return LogKeys.of(
                TestingHouse.MODULE,
                "evidence",
                "keyproof/log/" + TestingHouse.name(home.resolve("home")) + "/" + year());
    }

    private static void send(int count) {
        List<byte[]> broken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            broken.add(("not an event " + i).getBytes(UTF_8));
        }
        house.kafka.send("key-events", null, broken);
    }

    private static long size(EvidenceService service) {
        return house.get(service.port(), "/v1/state").path("size").asLong();
    }

    private static List<Long> lags(EvidenceService service) {
        JsonNode state = house.get(service.port(), "/v1/state");
        List<Long> lags = new ArrayList<>();
        state.path("witnesses").forEach(witness -> {
            // Who was not asked yet has no lag to speak of.
            lags.add(
                    witness.path("trouble").asText().isEmpty()
                            ? witness.path("lag").asLong()
                            : 1 << 20);
        });
        return lags;
    }

    private static String health(EvidenceService service) {
        return house.get(service.port(), "/health").toString();
    }

    private static SignedHead checkpoint(EvidenceService service) throws Exception {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + service.port() + "/log/" + year() + "/checkpoint"))
                        .header("Authorization", house.bearer("auditor"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return SignedHead.parse(answer.body());
    }

    private static List<String> alerts(Path home, String topic) {
        String origin = "keyproof/log/" + TestingHouse.name(home.resolve("home")) + "/";
        return house.kafka.committed(topic).stream()
                .map(record -> new String(record.value(), UTF_8))
                .filter(event -> event.contains(origin) && event.contains("keyproof-log-contradiction"))
                .toList();
    }

    private static String file(Path pack, String name) throws IOException {
        try (ZipFile zip = new ZipFile(pack.toFile())) {
            return new String(zip.getInputStream(zip.getEntry(name)).readAllBytes(), UTF_8);
        }
    }

    private static String year() {
        return Year.now(ZoneOffset.UTC).toString();
    }
}
