package dev.keyproof.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.event.testing.OcsfSchema;
import dev.keyproof.evidence.config.ConfigReader;
import dev.keyproof.evidence.testing.ByHand;
import dev.keyproof.evidence.testing.PageBrowser;
import dev.keyproof.log.sealed.SealedLogReader;
import dev.keyproof.verify.PackVerifier;
import dev.keyproof.verify.PolicyBundle;
import dev.keyproof.verify.Role;
import dev.keyproof.verify.TrustFile;
import dev.keyproof.verify.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
final class EvidenceServiceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    static Path dir;

    private static TestingHouse house;
    private static String policy;
    private static String data;

    @BeforeAll
    static void start() throws Exception {
        house = new TestingHouse(dir);
        PolicyBundle bundle = PolicyBundle.read(house.policy);
        policy = bundle.digest();
        data = String.valueOf(bundle.dataDigest());
    }

    @AfterAll
    static void stop() {
        house.close();
    }

    @Test
    void sealsAttestsAndHandsOutAPackThatOpensslAccepts(@TempDir Path home) throws Exception {
        try (TestingJournal journal = journal("broker-1");
                EvidenceService service = service(home)) {
            List<byte[]> records = journal.append(300, "run-1");
            house.kafka.send("key-events", "K1", records);
            house.kafka.send("key-events", "K1", records.subList(100, 200));
            house.kafka.send(
                    "attestations", "broker-1", List.of(journal.head().note().bytes()));

            await().atMost(PATIENCE).until(() -> house.attested(service, "broker-1") == 300);
            // Of other tests' sources, whose records stand in the same topics, some have no head.
            JsonNode completeness = house.get(service.port(), "/v1/state").path("auditCompleteness");
            long sealed = completeness.path("records").asLong();
            assertThat(sealed).isGreaterThanOrEqualTo(300);
            assertThat(completeness.path("attested").asLong()).isBetween(300L, sealed);
            assertThat(completeness.path("share").asDouble())
                    .isEqualTo((double) completeness.path("attested").asLong() / sealed);

            assertThat(house.get(service.port(), "/v1/census?run=run-1")
                            .path("sealed")
                            .asLong())
                    .isEqualTo(300);
            JsonNode built = house.post(service.port(), "/v1/packs", "{}");
            assertThat(built.path("verified").asBoolean()).as(built.toString()).isTrue();
            Path pack = Path.of(built.path("pack").asText());
            TrustFile trust =
                    TrustFile.parse(Files.readString(Path.of(built.path("trust").asText())));
            assertThat(new PackVerifier(Clock.systemUTC()).verify(pack, trust, false))
                    .isInstanceOf(Verdict.Proven.class);
            assertThat(new PackVerifier(Clock.systemUTC()).verify(pack, null, false))
                    .isInstanceOf(Verdict.SignerUnproven.class);
            byHand(pack, home.resolve("unpacked"));

            JsonNode range = house.post(service.port(), "/v1/packs", "{\"from\":270}");
            assertThat(range.path("verified").asBoolean()).as(range.toString()).isTrue();
            assertThat(range.path("entries").asLong())
                    .isEqualTo(range.path("size").asLong() - 270);

            JsonNode single = house.post(service.port(), "/v1/packs", "{\"key\":\"K1\"}");
            assertThat(single.path("verified").asBoolean())
                    .as(single.toString())
                    .isTrue();
            assertThat(single.path("entries").asLong()).isGreaterThanOrEqualTo(300);

            JsonNode renewed = house.post(service.port(), "/v1/time:renew", "{\"hash\":\"SHA-512\"}");
            assertThat(renewed.at("/records/0/tokens").asInt())
                    .as(renewed.toString())
                    .isEqualTo(2);
            assertThat(house.post(service.port(), "/v1/time:renew", "{\"hash\":\"MD5\"}")
                            .path("detail")
                            .asText())
                    .contains("none of SHA-256");
            JsonNode archived = house.post(service.port(), "/v1/packs", "{}");
            assertThat(archived.path("verified").asBoolean())
                    .as(archived.toString())
                    .isTrue();
            assertThat(TestingHouse.proven(archived).notes())
                    .anyMatch(note -> note.contains("an evidence record of 2 tokens"));

            Path page = home.resolve("unpacked/verify.html");
            try (PageBrowser browser = new PageBrowser()) {
                for (JsonNode one : List.of(range, single, archived)) {
                    PageBrowser.Said said = browser.check(
                            page,
                            Path.of(one.path("pack").asText()),
                            Path.of(one.path("trust").asText()),
                            shown -> {});
                    assertThat(said.title()).as(said.text()).isEqualTo("Consistent with the trust file");
                }
                ByHand.unpack(Path.of(single.path("pack").asText()), home.resolve("single"));
                for (Path folder : List.of(home.resolve("unpacked"), home.resolve("single"))) {
                    browser.read(
                            folder.resolve("report.html"),
                            shown -> assertThat(shown.querySelectorAll("a[href]"))
                                    .hasSizeGreaterThan(5)
                                    .allSatisfy(link -> assertThat(folder.resolve(
                                                    link.getAttribute("href").replaceFirst("^#.*", "report.html")))
                                            .isRegularFile()));
                }
                assertThat(browser.faults()).isEmpty();
            }
        }
    }

    @Test
    void sealedNonsenseIsInThePackAndNamed(@TempDir Path home) throws Exception {
        try (TestingJournal journal = journal("muddled");
                EvidenceService service = service(home)) {
            // Given: attested records whose decision, approvals and numbers make no sense
            List<byte[]> records = journal.append(
                    List.of(
                            record -> record.replaceFirst("\"decision\":\\{.*\\}\\}\\}\\}", "\"decision\":{}}}}"),
                            record -> record.replace(
                                            "\"result\":{}",
                                            "\"result\":{\"obligations\":{\"approvals\":{\"quorum\":2}}}")
                                    .replace(
                                            "\"run\":",
                                            "\"detail\":{\"approval\":\"A1\",\"statement\":\"x\",\"jws\":[7]},\"run\":"),
                            record -> record.replace("\"sensitive\":true", "\"bits\":" + "9".repeat(400)),
                            record -> record.replace(policy, "sha256:../../../etc/passwd")),
                    "run-10");
            house.kafka.send("key-events", "K1", records);
            house.kafka.send(
                    "attestations", "muddled", List.of(journal.head().note().bytes()));
            await().atMost(PATIENCE).until(() -> house.attested(service, "muddled") == 4);

            // When
            JsonNode built = house.post(service.port(), "/v1/packs", "{}");
            JsonNode single = house.post(service.port(), "/v1/packs", "{\"key\":\"K1\"}");

            // Then
            for (JsonNode one : List.of(built, single)) {
                assertThat(one.path("verified").asBoolean()).as(one.toString()).isTrue();
                assertThat(TestingHouse.proven(one).notes())
                        .contains("Of what entries say, 4 could not be understood: results/not-understood.ndjson.");
            }
            ByHand.unpack(Path.of(built.path("pack").asText()), home.resolve("unpacked"));
            assertThat(home.resolve("unpacked/results/not-understood.ndjson"))
                    .content()
                    .contains("its decision names no policy and data set by their digests")
                    .contains("policy asked for the approval of 2, and it carries none that could be read")
                    .contains("it states a key's attributes, and not in a form that can be kept");
            assertThat(home.resolve("unpacked/NOT-PROVEN.md"))
                    .content()
                    .contains("What entries mean where they could not be understood, 4 times")
                    .contains("no witness was checked");
        }
    }

    @Test
    void whatNobodyAttestsIsAFinding(@TempDir Path home) throws Exception {
        try (TestingJournal journal = journal("silent");
                EvidenceService service = service(home)) {
            house.kafka.send("key-events", "K1", journal.append(3, "run-2"));

            await().atMost(PATIENCE).until(() -> findings("silent"), found -> !found.isEmpty());

            assertThat(findings("silent"))
                    .allSatisfy(finding -> assertThat(OcsfSchema.violations(finding.getBytes(UTF_8)))
                            .isEmpty());
            assertThat(findings("silent").getFirst()).contains("covered by no signed head");
            await().atMost(PATIENCE)
                    .until(() -> house.get(service.port(), "/v1/state")
                                    .path("findings")
                                    .asLong()
                            >= 1);
        }
    }

    @Test
    void aGapIsAFindingWithinSeconds(@TempDir Path home) throws Exception {
        try (TestingJournal journal = journal("gappy");
                EvidenceService service = service(home)) {
            List<byte[]> records = journal.append(10, "run-3");
            house.kafka.send("key-events", "K1", records.subList(0, 4));
            house.kafka.send("key-events", "K1", records.subList(6, 10));

            await().atMost(Duration.ofSeconds(10)).until(() -> findings("gappy"), found -> !found.isEmpty());

            assertThat(findings("gappy").getFirst()).contains("the records 4 to 5 did not arrive");
            assertThat(OcsfSchema.violations(findings("gappy").getFirst().getBytes(UTF_8)))
                    .isEmpty();
            assertThat(service.port()).isPositive();
        }
    }

    @Test
    void aForgedRecordDoesNotPassAsTheJournals(@TempDir Path home) throws Exception {
        try (TestingJournal journal = journal("forged");
                EvidenceService service = service(home)) {
            List<byte[]> records = journal.append(5, "run-4");
            List<byte[]> sent = new ArrayList<>(records);
            sent.set(
                    2, new String(records.get(2), UTF_8).replace("Sign", "Read").getBytes(UTF_8));
            house.kafka.send("key-events", "K1", sent);
            house.kafka.send(
                    "attestations", "forged", List.of(journal.head().note().bytes()));
            house.kafka.send("key-events", "K1", records.subList(2, 3));

            await().atMost(PATIENCE).until(() -> findings("forged"), found -> found.size() >= 2);

            assertThat(findings("forged"))
                    .anyMatch(finding -> finding.contains("is not that of the records sealed"))
                    .anyMatch(finding -> finding.contains("claim one place"));
            assertThat(house.attested(service, "forged")).isZero();
        }
    }

    @Test
    void whatIsNoEventIsKeptAsAnArtifact(@TempDir Path home) throws Exception {
        try (EvidenceService service = service(home)) {
            long before =
                    house.get(service.port(), "/v1/state").path("quarantined").asLong();
            house.kafka.send("key-events", null, List.of("not json".getBytes(UTF_8)));

            await().atMost(PATIENCE)
                    .until(() -> house.get(service.port(), "/v1/state")
                                    .path("quarantined")
                                    .asLong()
                            > before);
            assertThat(home.resolve("artifacts")).isDirectory();
        }
    }

    @Test
    void whatClaimsToBeTheLogsOwnEntryIsSetAside(@TempDir Path home) throws Exception {
        try (TestingJournal journal = journal("posing");
                EvidenceService service = service(home)) {
            // Given
            List<byte[]> records = journal.append(3, "run-7");
            house.kafka.send("key-events", "K1", records);
            await().atMost(PATIENCE)
                    .until(() -> house.get(service.port(), "/v1/census?run=run-7")
                                    .path("sealed")
                                    .asLong()
                            == 3);
            long before =
                    house.get(service.port(), "/v1/state").path("quarantined").asLong();
            String epoch = new ObjectMapper()
                    .readTree(records.getFirst())
                    .at("/unmapped/keyproof/epoch")
                    .asText();

            // When: somebody with the collector's credentials poses as the log
            house.kafka.send(
                    "key-events",
                    "K1",
                    List.of(
                            ("{\"keyproof\":\"attestation/v1\",\"source\":\"posing\",\"epoch\":\"" + epoch
                                            + "\",\"from\":0,\"to\":3,\"head\":\"\",\"verdict\":\"ok\"}")
                                    .getBytes(UTF_8),
                            new String(records.getFirst(), UTF_8)
                                    .replace("\"api\":{", "\"api\":{\"service\":{\"name\":\"evidence-service\"},")
                                    .getBytes(UTF_8)));

            // Then
            await().atMost(PATIENCE)
                    .until(() -> house.get(service.port(), "/v1/state")
                                    .path("quarantined")
                                    .asLong()
                            == before + 2);
            assertThat(house.attested(service, "posing")).isZero();
        }
    }

    @Test
    void aTopicsWritersCannotSayMoreThanTheirTopicDoes(@TempDir Path home) throws Exception {
        try (TestingJournal journal = journal("held");
                EvidenceService service = service(home)) {
            // Given
            List<byte[]> records = journal.append(5, "run-8");
            String first = new String(records.getFirst(), UTF_8);
            house.kafka.send("key-events", "K1", journal.append(1, "run-9"));
            await().atMost(PATIENCE)
                    .until(() -> house.get(service.port(), "/v1/census?run=run-9")
                                    .path("sealed")
                                    .asLong()
                            == 1);
            long before =
                    house.get(service.port(), "/v1/state").path("quarantined").asLong();

            // When: a record among the findings, one without a place, one of a monstrous source, one that says things
            // twice
            house.kafka.send("findings", "K1", records.subList(0, 1));
            house.kafka.send(
                    "key-events",
                    "K1",
                    List.of(
                            first.replace("\"sequence\":0", "\"other\":0").getBytes(UTF_8),
                            first.replace("\"source\":\"held\"", "\"source\":\"" + "x".repeat(25_000) + "\"")
                                    .getBytes(UTF_8),
                            first.replaceFirst("\\{", "{\"time\":1,").getBytes(UTF_8)));
            house.kafka.send("attestations", "y".repeat(60_000), List.of("no head".getBytes(UTF_8)));
            house.kafka.send("key-events", "K1", records);
            house.kafka.send(
                    "attestations", "held", List.of(journal.head().note().bytes()));

            // Then: all of it is set aside, and what is true is sealed and attested
            await().atMost(PATIENCE).until(() -> house.attested(service, "held") == 6);
            await().atMost(PATIENCE)
                    .until(() -> house.get(service.port(), "/v1/state")
                                    .path("quarantined")
                                    .asLong()
                            == before + 4);
        }
    }

    @Test
    void aDrillsReportIsSealedByItsDigest(@TempDir Path home) throws Exception {
        try (EvidenceService service = service(home)) {
            // When
            JsonNode sealed = house.post(
                    service.port(),
                    "/v1/drills",
                    "{\"drill\":\"log-crash\",\"report\":\"sha256:" + "ab".repeat(32) + "\",\"passed\":true}");

            // Then
            assertThat(sealed.path("origin").asText()).as(sealed.toString()).endsWith("/" + year());
            try (SealedLogReader log = SealedLogReader.open(home.resolve("log").resolve(year()))) {
                String entry =
                        new String(log.read(sealed.path("index").asLong(), 1).getFirst(), UTF_8);
                assertThat(entry).contains("ab".repeat(32)).contains("LogDrill");
                assertThat(OcsfSchema.violations(entry.getBytes(UTF_8))).isEmpty();
            }
            assertThat(house.post(service.port(), "/v1/drills", "{\"drill\":\"log-crash\",\"report\":\"x\"}")
                            .path("status")
                            .asInt())
                    .isEqualTo(409);
            assertThat(house.postAs(service.port(), "/v1/drills", "auditor")).isEqualTo(403);
        }
    }

    @Test
    void onlyAuditorsAndOperatorsRead(@TempDir Path home) throws Exception {
        try (EvidenceService service = service(home)) {
            await().atMost(PATIENCE)
                    .until(() -> house.status(service.port(), "/log/" + year() + "/checkpoint", "auditor") == 200);

            assertThat(house.status(service.port(), "/v1/state", "")).isEqualTo(401);
            assertThat(house.status(service.port(), "/v1/state", "application")).isEqualTo(403);
            assertThat(house.status(service.port(), "/log/" + year() + "/tile/0/999", "auditor"))
                    .isEqualTo(404);
            assertThat(house.status(service.port(), "/log/" + year() + "/../../evidence.yaml", "auditor"))
                    .isEqualTo(404);
            assertThat(house.status(service.port(), "/health", "")).isEqualTo(200);
        }
    }

    @Test
    void killedAtAnyTimeItLosesNothingAndSealsNothingTwice(@TempDir Path home) throws Exception {
        try (TestingJournal journal = journal("killed")) {
            Path config = house.config(home);
            int sent = 0;
            for (int kill = 0; kill < 4; kill++) {
                Process process = house.process(config, home.resolve("out-" + kill));
                List<byte[]> records = journal.append(400, "run-killed");
                house.kafka.send("key-events", "K1", records);
                house.kafka.send(
                        "attestations", "killed", List.of(journal.head().note().bytes()));
                sent += records.size();
                // Each time a little later in its life: while it starts, while it seals, after.
                process.waitFor(1500L + 900L * kill, TimeUnit.MILLISECONDS);
                process.destroyForcibly().waitFor();
            }
            long expected = sent;
            try (EvidenceService service = service(home)) {
                await().atMost(PATIENCE).until(() -> house.attested(service, "killed") == expected);

                assertThat(house.get(service.port(), "/v1/census?run=run-killed")
                                .path("sealed")
                                .asLong())
                        .isEqualTo(expected);
                JsonNode built = house.post(service.port(), "/v1/packs", "{}");
                assertThat(built.path("verified").asBoolean())
                        .as(built.toString())
                        .isTrue();
            }
        }
    }

    private static TestingJournal journal(String source) throws Exception {
        TestingJournal journal = new TestingJournal(dir.resolve("journals"), source, policy, data);
        Files.writeString(
                house.journalKeys(),
                journal.vkey() + "\n",
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.APPEND);
        return journal;
    }

    private static EvidenceService service(Path home) throws Exception {
        return EvidenceService.start(ConfigReader.read(house.config(home)), Clock.systemUTC(), failure -> {
            throw new AssertionError(failure);
        });
    }

    private static List<String> findings(String source) {
        return house.kafka.committed("findings").stream()
                .map(record -> new String(record.value(), UTF_8))
                .filter(finding -> finding.contains("\"" + source + "\""))
                .toList();
    }

    private static String year() {
        return java.time.Year.now(java.time.ZoneOffset.UTC).toString();
    }

    /** Every command of the pack's VERIFY.md as it stands, today and years later, and what it says of what was altered. */
    private static void byHand(Path pack, Path folder) throws Exception {
        ByHand hand = ByHand.unpack(pack, folder);
        hand.succeeds();
        ByHand.Said later = hand.runAt("+15 years");
        assertThat(later.exit()).as(later.out()).isZero();
        assertThat(hand.runAt("+15 years").out()).doesNotContain("expired");
        String log = "log/" + year();
        for (String name : List.of(
                "manifest.json",
                "manifest.p7s",
                "time/manifest.tsr",
                log + "/checkpoint",
                log + "/checkpoint.p7s",
                "time/" + year() + ".tsr",
                "report.html",
                "NOT-PROVEN.md")) {
            assertThat(hand.altered(name).exit()).as(name).isNotZero();
        }
        assertThat(hand.added("results/more.json").exit()).isNotZero();
        // Each signer is held against a list of revoked ones, and the lists themselves are checked.
        assertThat(hand.signatures().split("-crl_check", -1)).hasSize(5);
        for (String list : List.of("trust/signer.crl", "trust/tsa.crl", "trust/manifest-tsa.crl")) {
            byte[] sound = Files.readAllBytes(folder.resolve(list));
            Files.write(folder.resolve(list), new byte[0]);
            assertThat(hand.run(hand.signatures()).out()).as(list).contains("unable to get certificate CRL");
            Files.write(folder.resolve(list), sound);
        }
        // Without the time of the token, certificates that have ended are refused years later.
        String bare = hand.commands().replaceAll("(?m)^at=.*$", "at=");
        assertThat(hand.run(bare).exit()).isZero();
        // Roles: each signer's certificate in the other's place is refused, but only where the role is asked for.
        String swapped = hand.commands()
                .replace(Role.PACK.policy(), "PACK")
                .replace(Role.LOG.policy(), Role.PACK.policy())
                .replace("PACK", Role.LOG.policy());
        assertThat(hand.run(swapped).exit()).isNotZero();
        String anyRole = hand.commands().replaceAll("-policy [0-9.]+ -explicit_policy", "");
        ByHand.Said any = hand.run(anyRole);
        assertThat(any.exit()).as(any.out()).isZero();
        // The client of somebody else alone: it needs no listing to see that an entry is another.
        String tiles = hand.commands().substring(hand.commands().indexOf("trap "));
        Path bundle = largest(folder.resolve(log).resolve("tile/entries"));
        byte[] entries = Files.readAllBytes(bundle);
        byte[] bent = entries.clone();
        bent[bent.length - 3] ^= 1;
        Files.write(bundle, bent);
        assertThat(hand.run(tiles).exit()).isNotZero();
        Files.write(bundle, entries);
        ByHand.Said tree = hand.run(tiles);
        assertThat(tree.exit()).as(tree.out()).isZero();
    }

    private static Path largest(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }
}
