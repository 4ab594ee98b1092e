package dev.keyproof.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.keyproof.evidence.compare.CompareCommand;
import dev.keyproof.evidence.config.ConfigReader;
import dev.keyproof.evidence.head.LogKeys;
import dev.keyproof.evidence.testing.Folders;
import dev.keyproof.evidence.testing.Peers;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.sealed.SealedLog;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

/** The drill: disk, bucket and witness hold the same log; then each of them in turn is made to lie. */
@Tag("server")
final class ThreeCopiesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path dir;

    @TempDir
    Path home;

    @TempDir
    Path saved;

    private static TestingHouse house;
    private static Peers.Server s3;
    private static Path tokens;

    private record Said(int exit, String out) {}

    @BeforeAll
    static void start() throws Exception {
        house = new TestingHouse(dir);
        tokens = Path.of(System.getenv("SOFTHSM2_CONF")).resolveSibling("tokens");
        s3 = Peers.versitygw(Files.createDirectories(dir.resolve("s3")));
        s3.bucket("evidence", true);
    }

    @AfterAll
    static void stop() {
        s3.close();
        house.close();
    }

    @Test
    void whoLiesIsNamed() throws Exception {
        try (TestingWitness witness = witness("one.example/w")) {
            // Given: some of the log, set aside with its token, and more of it
            Path config = config(witness);
            Path trust = seal(config, 5);
            Folders.copy(home.resolve("home"), saved.resolve("home"));
            Folders.copy(tokens, saved.resolve("tokens"));
            seal(config, 5);

            // All is well
            Said well = compare(config, trust);
            assertThat(well.exit).as(well.out).isZero();
            assertThat(well.out)
                    .contains("one.example/w cosigns disk")
                    .contains("one.example/w cosigns s3://evidence/")
                    .contains("AGREE ");

            // The bucket lies: somebody with its server's disk altered a file below the lock
            List<byte[]> honest;
            byte[] positions;
            try (SealedLog log = log()) {
                honest = log.read(0, Math.toIntExact(log.size()));
                positions = log.positions();
            }
            Path bundle = bundleInTheBucket();
            byte[] sealed = Files.readAllBytes(bundle);
            byte[] altered = sealed.clone();
            altered[altered.length - 3] ^= 1;
            Files.write(bundle, altered);
            Said bucket = compare(config, trust);
            assertThat(bucket.exit).isEqualTo(1);
            assertThat(bucket.out)
                    .contains("LIES      s3://evidence/")
                    .contains("is not what was sealed, in none of its")
                    .contains("one.example/w cosigns disk")
                    .doesNotContain("LIES      disk");
            Files.write(bundle, sealed);

            // The disk lies by a byte
            Path segment = largest(home.resolve("home/log").resolve(year()).resolve("tile/entries"));
            byte[] entries = Files.readAllBytes(segment);
            byte[] bent = entries.clone();
            bent[bent.length - 3] ^= 1;
            Files.write(segment, bent);
            assertThat(compare(config, trust).out).contains("LIES      disk is not what was sealed: ");
            Files.write(segment, entries);
            assertThat(compare(config, trust).exit).isZero();

            // The disk lies: its operator rewrites history and signs it anew, out of sight of bucket and witness
            Folders.copy(home.resolve("home"), saved.resolve("honest"));
            Folders.copy(tokens, saved.resolve("honest-tokens"));
            Folders.putBack(saved.resolve("home"), home.resolve("home"));
            Folders.putBack(saved.resolve("tokens"), tokens);
            long rewrittenFrom;
            try (SealedLog log = log()) {
                rewrittenFrom = log.size();
                log.append(honest.subList(Math.toIntExact(log.size()) + 1, honest.size()), positions)
                        .get();
            }
            seal(house.config(home.resolve("home")), 5);
            Said disk = compare(config(witness), trust);
            assertThat(disk.exit).isEqualTo(1);
            assertThat(disk.out)
                    .contains("LIES      disk was rewritten from entry " + rewrittenFrom + " on and signed anew")
                    .contains("one.example/w refuses disk: it saw another history")
                    .contains("one.example/w cosigns s3://evidence/");

            // Without a witness nothing tells which of the two it was
            String alone = compare(withoutWitness(), trust).out;
            assertThat(alone)
                    .contains("DISAGREE  disk and s3://evidence/")
                    .contains("the same up to entry " + rewrittenFrom)
                    .contains("no witness tells which");

            // The witness lies: one that was shown only the rewritten history
            try (TestingWitness liar = witness("two.example/w")) {
                seal(config(liar, house.config(home.resolve("home"))), 1);
                Folders.putBack(saved.resolve("honest"), home.resolve("home"));
                Folders.putBack(saved.resolve("honest-tokens"), tokens);
                assertThat(compare(config(liar), trust).out)
                        .contains("DISAGREE  two.example/w cosigned ")
                        .contains(
                                "entries, more than the other copies hold: they lost some, or it cosigned another history");
                seal(withoutWitness(), 20);
                Said against = compare(config(liar), trust);
                assertThat(against.exit).isEqualTo(1);
                assertThat(against.out).contains("LIES      two.example/w stands alone");
            }
        }
    }

    @Test
    void anOlderDiskIsNamed() throws Exception {
        try (TestingWitness witness = witness("old.example/w")) {
            Path config = config(witness);
            Path trust = seal(config, 5);
            Folders.copy(home.resolve("home"), saved.resolve("home"));
            seal(config, 5);
            Folders.putBack(saved.resolve("home"), home.resolve("home"));

            Said said = compare(config, trust);

            assertThat(said.exit).isEqualTo(1);
            assertThat(said.out)
                    .contains("LIES      disk is older than its copy: the last ")
                    .contains("old.example/w saw ")
                    .contains(" entries, more than disk has");
        }
    }

    /** Seals some records, and waits until bucket and witness have them; the trust file of a pack. */
    private Path seal(Path config, int count) throws Exception {
        List<byte[]> broken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            broken.add(("not an event " + i).getBytes(UTF_8));
        }
        boolean copied = Files.readString(config).contains("remote:");
        boolean watched = Files.readString(config).contains("witnesses:");
        Path trust;
        try (EvidenceService service = EvidenceService.start(ConfigReader.read(config), Clock.systemUTC(), failure -> {
            throw new AssertionError(failure);
        })) {
            long before = house.get(service.port(), "/v1/state").path("sealed").asLong();
            house.kafka.send("key-events", null, broken);
            await().atMost(PATIENCE)
                    .until(() ->
                            house.get(service.port(), "/v1/state").path("size").asLong() >= before + count);
            trust = Path.of(
                    house.post(service.port(), "/v1/packs", "{}").path("trust").asText());
            trust = Files.copy(trust, saved.resolve("anchor-" + System.nanoTime()));
        }
        // What was signed as it stopped is shown to the witness, and to the bucket, by the next one.
        try (EvidenceService service = EvidenceService.start(ConfigReader.read(config), Clock.systemUTC(), failure -> {
            throw new AssertionError(failure);
        })) {
            if (watched) {
                await().atMost(PATIENCE).until(() -> {
                    var seen = house.get(service.port(), "/v1/state")
                            .path("witnesses")
                            .path(0);
                    return seen.path("trouble").asText().isEmpty()
                            && seen.path("size").asLong() > 0
                            && seen.path("lag").asLong() == 0;
                });
            }
            if (copied) {
                await().atMost(PATIENCE).until(() -> {
                    var state = house.get(service.port(), "/v1/state");
                    return state.at("/remote/copied/" + year()).asLong()
                            >= state.path("size").asLong();
                });
            }
        }
        return trust;
    }

    private static Said compare(Path config, Path trust) {
        StringWriter out = new StringWriter();
        int exit = CompareCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(config.toString(), "--trust", trust.toString());
        return new Said(exit, out.toString());
    }

    private Path config(TestingWitness witness) throws Exception {
        return config(witness, withoutWitness());
    }

    private static Path config(TestingWitness witness, Path config) throws Exception {
        return Files.writeString(
                config,
                "witnesses: {quorum: 1, intervalSeconds: 1, list: [" + witness.yaml() + "]}\n",
                StandardOpenOption.APPEND);
    }

    private Path withoutWitness() throws Exception {
        return Files.writeString(
                house.config(home.resolve("home")),
                "remote: {url: \"s3://evidence/%s\", endpoint: \"%s\", credentials: %s, retentionDays: 1, intervalSeconds: 1}\n"
                        .formatted(TestingHouse.name(home.resolve("home")), s3.endpoint(), s3.credentials()),
                StandardOpenOption.APPEND);
    }

    private TestingWitness witness(String name) throws Exception {
        return new TestingWitness(
                dir.resolve("w" + name + home.hashCode()),
                name,
                LogKeys.of(
                        TestingHouse.MODULE,
                        "evidence",
                        "keyproof/log/" + TestingHouse.name(home.resolve("home")) + "/" + year()));
    }

    private SealedLog log() throws Exception {
        return SealedLog.open(
                home.resolve("home/log").resolve(year()),
                "keyproof/log/" + TestingHouse.name(home.resolve("home")) + "/" + year(),
                LogOptions.DEFAULTS);
    }

    private Path bundleInTheBucket() throws Exception {
        return largest(dir.resolve("s3/data/evidence")
                .resolve(TestingHouse.name(home.resolve("home")))
                .resolve("log")
                .resolve(year()));
    }

    /** Of the bundles of entries below a folder, the one with most of them. */
    private static Path largest(Path folder) throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(
                            file -> Files.isRegularFile(file) && file.toString().contains("entries"))
                    .max(java.util.Comparator.comparingLong(
                            file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    private static String year() {
        return Year.now(ZoneOffset.UTC).toString();
    }
}
