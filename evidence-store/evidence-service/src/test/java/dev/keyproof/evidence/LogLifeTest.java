package dev.keyproof.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.event.testing.OcsfSchema;
import dev.keyproof.evidence.config.ConfigReader;
import dev.keyproof.evidence.testing.ByHand;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.verify.Crls;
import dev.keyproof.verify.LogKey;
import dev.keyproof.verify.PackVerifier;
import dev.keyproof.verify.TrustFile;
import dev.keyproof.verify.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A year that ends, and keys that are rolled over. */
@Tag("server")
final class LogLifeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

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
    void theLastHeadOfAYearIsAnEntryOfTheNext(@TempDir Path home) throws Exception {
        // Given
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2025-12-31T23:59:50Z"));
        SignedHead old;
        Verdict.Proven proven;
        try (EvidenceService service = service(home, clock(now))) {
            send(5);
            await().atMost(PATIENCE).until(() -> size(service) >= 5);

            // When
            now.set(Instant.parse("2026-01-01T00:00:01Z"));
            await().atMost(PATIENCE)
                    .until(() ->
                            house.get(service.port(), "/v1/state").path("year").asInt() == 2026 && size(service) >= 1);
            now.set(Instant.parse("2025-12-31T23:59:59Z"));
            send(5);
            await().atMost(PATIENCE).until(() -> size(service) >= 6);
            JsonNode built = house.post(service.port(), "/v1/packs", "{}");
            assertThat(built.path("verified").asBoolean()).as(built.toString()).isTrue();
            proven = (Verdict.Proven) new PackVerifier(Clock.systemUTC())
                    .verify(
                            Path.of(built.path("pack").asText()),
                            TrustFile.parse(
                                    Files.readString(Path.of(built.path("trust").asText()))),
                            false);
        }
        old = SignedHead.parse(Files.readString(home.resolve("log/2025/checkpoint")));

        // Then
        assertThat(proven.summary().notes())
                .anyMatch(note -> note.startsWith("The log " + old.checkpoint().origin() + " ended with " + old.size()
                                + " entries and the root "
                                + old.checkpoint().root().base64())
                        && note.endsWith("signed by 2 of its keys that the trust file names."));
        List<JsonNode> ends = new ArrayList<>();
        String name = "keyproof/log/" + TestingHouse.name(home);
        try (SealedLog log = SealedLog.open(home.resolve("log/2026"), name + "/2026", LogOptions.DEFAULTS)) {
            for (byte[] entry : log.read(0, (int) log.size())) {
                JsonNode json = new ObjectMapper().readTree(entry);
                if (json.path("api").path("operation").asText().equals("LogYearEnd")) {
                    assertThat(OcsfSchema.violations(entry)).isEmpty();
                    ends.add(json.path("unmapped")
                            .path("keyproof")
                            .path("detail")
                            .path("yearEnd"));
                }
            }
        }
        assertThat(ends).singleElement().satisfies(end -> {
            assertThat(end.path("origin").asText()).isEqualTo(name + "/2025");
            assertThat(end.path("checkpoint").asText()).isEqualTo(old.note().format());
        });
        try (SealedLog log = SealedLog.open(home.resolve("log/2025"), name + "/2025", LogOptions.DEFAULTS)) {
            assertThat(log.size()).isEqualTo(old.size());
        }
    }

    @Test
    void headsBeforeAndAfterARolloverVerify(@TempDir Path home) throws Exception {
        List<NoteVerifier> before;
        List<NoteVerifier> after = new ArrayList<>();
        Path oldPack;
        Path newPack;
        try (EvidenceService service = service(home, Clock.systemUTC())) {
            // Given
            send(5);
            await().atMost(PATIENCE).until(() -> size(service) >= 5);
            JsonNode built = house.post(service.port(), "/v1/packs", "{}");
            oldPack = Path.of(built.path("pack").asText());
            before = verifiers(Path.of(built.path("trust").asText()));
            assertThat(house.status(service.port(), "/v1/signers:rollover", "operator"))
                    .isEqualTo(405);

            // When
            JsonNode done = house.post(service.port(), "/v1/signers:rollover", "");

            // Then
            assertThat(done.path("generation").asInt()).as(done.toString()).isGreaterThan(1);
            for (JsonNode key : done.path("keys")) {
                after.add(NoteVerifier.parse(key.asText()));
            }
            SignedHead handover = SignedHead.parse(done.path("checkpoint").asText());
            assertThat(handover.note().verifiedBy(after)).hasSize(2);
            assertThat(handover.note().signatures()).hasSize(4);
            send(5);
            await().atMost(PATIENCE).until(() -> size(service) >= handover.size() + 5);
            assertThat(head(service).note().signatures()).hasSize(2);
            assertThat(head(service).note().verifiedBy(after)).hasSize(2);
        }
        try (EvidenceService service = service(home, Clock.systemUTC())) {
            long size = size(service);
            send(5);
            await().atMost(PATIENCE).until(() -> size(service) >= size + 5);
            assertThat(head(service).note().verifiedBy(after)).hasSize(2);
            assertThat(head(service).note().signatures()).hasSize(2);
            JsonNode built = house.post(service.port(), "/v1/packs", "{}");
            assertThat(built.path("verified").asBoolean()).as(built.toString()).isTrue();
            newPack = Path.of(built.path("pack").asText());
            TrustFile trust =
                    TrustFile.parse(Files.readString(Path.of(built.path("trust").asText())));
            List<NoteVerifier> all = verifiers(Path.of(built.path("trust").asText()));
            assertThat(all).containsAll(before).containsAll(after);
            for (Path pack : List.of(oldPack, newPack)) {
                assertThat(new PackVerifier(Clock.systemUTC()).verify(pack, trust, false))
                        .isInstanceOf(Verdict.Proven.class);
            }
            // The old keys prove what they signed up to the handover, and no more.
            assertThat(trust.logKeys())
                    .filteredOn(key -> before.contains(key.verifier()))
                    .hasSize(2)
                    .allSatisfy(key -> assertThat(key.until()).isBetween(5L, size));
            assertThat(trust.logKeys())
                    .filteredOn(key -> after.contains(key.verifier()))
                    .hasSize(2)
                    .allSatisfy(key -> assertThat(key.until()).isEqualTo(LogKey.UNBOUNDED));
        }
        List<NoteVerifier> all = new ArrayList<>(before);
        all.addAll(after);
        assertThat(SealedLog.fsck(home.resolve("log/" + year()), all).faults()).isEmpty();
    }

    @Test
    void keysRolledOverInALaterYearAreGoodUpToTheEndOfTheirLog(@TempDir Path home) throws Exception {
        // Given
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2025-12-31T23:59:50Z"));
        try (EvidenceService service = service(home, clock(now))) {
            send(5);
            await().atMost(PATIENCE).until(() -> size(service) >= 5);
            now.set(Instant.parse("2026-01-01T00:00:01Z"));
            await().atMost(PATIENCE)
                    .until(() ->
                            house.get(service.port(), "/v1/state").path("year").asInt() == 2026 && size(service) >= 1);
            assertThat(keys(pack(service, 2025)))
                    .hasSize(2)
                    .allSatisfy(key -> assertThat(key.until()).isEqualTo(LogKey.UNBOUNDED));

            // When
            JsonNode done = house.post(service.port(), "/v1/signers:rollover", "");
            assertThat(done.path("generation").asInt()).as(done.toString()).isGreaterThan(1);

            // Then
            JsonNode closed = pack(service, 2025);
            assertThat(keys(closed))
                    .hasSize(2)
                    .allSatisfy(key -> assertThat(key.until())
                            .isEqualTo(closed.path("size").asLong()));
            // Those of the year before as well, whose last head is an entry of this year's log.
            assertThat(keys(pack(service, 2026))).hasSize(6);
        }
    }

    @Test
    void aLostKeyIsRevokedAndOneThatWasRolledOverIsNot(@TempDir Path home) throws Exception {
        ByHand before;
        ByHand after;
        try (EvidenceService service = service(home, Clock.systemUTC())) {
            // Given
            send(5);
            await().atMost(PATIENCE).until(() -> size(service) >= 5);
            house.post(service.port(), "/v1/signers:rollover", "");
            JsonNode sound = pack(service, year());
            before = unpacked(sound, home.resolve("before"));
            assertThat(revoked(home.resolve("before"))).isZero();

            // When
            assertThat(house.post(service.port(), "/v1/signers:rollover", "{\"compromised\":\"yes\"}")
                            .path("detail")
                            .asText())
                    .contains("neither true nor false");
            JsonNode done = house.post(service.port(), "/v1/signers:rollover", "{\"compromised\":true}");
            assertThat(done.path("generation").asInt()).as(done.toString()).isGreaterThan(2);
            send(5);
            await().atMost(PATIENCE).until(() -> size(service) >= 15);
            unpacked(pack(service, year()), home.resolve("after"));

            // Then
            assertThat(revoked(home.resolve("after"))).isEqualTo(1);
        }
        try (EvidenceService service = service(home, Clock.systemUTC())) {
            after = unpacked(pack(service, year()), home.resolve("later"));
            assertThat(revoked(home.resolve("later"))).isEqualTo(1);
        }
        for (ByHand hand : List.of(before, after)) {
            ByHand.Said said = hand.run(hand.signatures());
            assertThat(said.exit()).as(said.out()).isZero();
        }
        Files.copy(
                home.resolve("later/trust/signer.crl"),
                home.resolve("before/trust/signer.crl"),
                StandardCopyOption.REPLACE_EXISTING);
        assertThat(before.run(before.signatures().replaceAll("(?m)^at=.*$", "at="))
                        .out())
                .contains("certificate revoked");
    }

    @Test
    void whatALostKeySignedBeforeStillProves(@TempDir Path home) throws Exception {
        // Given
        int year = year();
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse(year + "-12-31T23:59:50Z"));
        house.stamping = clock(now);
        try (EvidenceService service = service(home, clock(now))) {
            send(5);
            await().atMost(PATIENCE).until(() -> size(service) >= 5);
            now.set(Instant.parse((year + 1) + "-01-01T00:00:01Z"));
            await().atMost(PATIENCE)
                    .until(() ->
                            house.get(service.port(), "/v1/state").path("year").asInt() == year + 1
                                    && size(service) >= 1);
            pack(service, year);

            // When
            now.set(Instant.parse((year + 1) + "-01-01T02:00:00Z"));
            JsonNode done = house.post(service.port(), "/v1/signers:rollover", "{\"compromised\":true}");
            assertThat(done.path("generation").asInt()).as(done.toString()).isGreaterThan(1);
            now.set(Instant.parse((year + 1) + "-01-01T04:00:00Z"));
            JsonNode closed = pack(service, year);

            // Then
            Verdict verdict = new PackVerifier(clock(now))
                    .verify(
                            Path.of(closed.path("pack").asText()),
                            TrustFile.parse(Files.readString(
                                    Path.of(closed.path("trust").asText()))),
                            false);
            assertThat(((Verdict.Proven) verdict).summary().notes())
                    .anyMatch(note -> note.contains("was revoked at " + (year + 1) + "-01-01T02:00:00Z, after"));
            ByHand hand = unpacked(closed, home.resolve("closed"));
            ByHand.Said said = hand.run(hand.signatures());
            assertThat(said.exit()).as(said.out()).isZero();
        } finally {
            house.stamping = InstantSource.system();
        }
    }

    private static ByHand unpacked(JsonNode built, Path folder) throws Exception {
        return ByHand.unpack(Path.of(built.path("pack").asText()), folder);
    }

    private static int revoked(Path unpacked) throws Exception {
        var revoked = Crls.parse(Files.readString(unpacked.resolve("trust/signer.crl")))
                .getFirst()
                .getRevokedCertificates();
        return revoked == null ? 0 : revoked.size();
    }

    private static JsonNode pack(EvidenceService service, int year) {
        JsonNode built = house.post(service.port(), "/v1/packs", "{\"year\":" + year + "}");
        assertThat(built.path("verified").asBoolean()).as(built.toString()).isTrue();
        return built;
    }

    private static List<LogKey> keys(JsonNode built) throws Exception {
        return TrustFile.parse(Files.readString(Path.of(built.path("trust").asText())))
                .logKeys();
    }

    @Test
    void onlyAnOperatorRollsOver(@TempDir Path home) throws Exception {
        try (EvidenceService service = service(home, Clock.systemUTC())) {
            assertThat(house.postAs(service.port(), "/v1/signers:rollover", "auditor"))
                    .isEqualTo(403);
            assertThat(house.postAs(service.port(), "/v1/signers:rollover", "")).isEqualTo(401);
        }
    }

    private static List<NoteVerifier> verifiers(Path trust) throws Exception {
        List<NoteVerifier> verifiers = new ArrayList<>();
        for (LogKey key : TrustFile.parse(Files.readString(trust)).logKeys()) {
            verifiers.add(key.verifier());
        }
        return verifiers;
    }

    /** What is signed last; the file follows a moment later. */
    private static SignedHead head(EvidenceService service) throws Exception {
        return SignedHead.parse(
                house.get(service.port(), "/v1/state").path("checkpoint").asText());
    }

    private static int year() {
        return java.time.Year.now(ZoneOffset.UTC).getValue();
    }

    private static EvidenceService service(Path home, Clock clock) throws Exception {
        return EvidenceService.start(ConfigReader.read(house.config(home)), clock, failure -> {
            throw new AssertionError(failure);
        });
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

    private static Clock clock(AtomicReference<Instant> now) {
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
                return java.util.Objects.requireNonNull(now.get());
            }
        };
    }
}
