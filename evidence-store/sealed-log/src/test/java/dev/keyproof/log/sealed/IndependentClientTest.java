package dev.keyproof.log.sealed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.log.LogException;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.TestingSigner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A published folder is read and proven by the tlog packages of the Go project, which share no line with ours. */
class IndependentClientTest {
    private static final String ORIGIN = "keyproof/log/independent";
    private static final int STEP = 4999;

    @TempDir
    Path dir;

    private final TestingSigner ed25519 = TestingSigner.ed25519(ORIGIN);
    private final TestingSigner ecdsa = TestingSigner.ecdsa(ORIGIN);

    private Path log = Path.of("");
    private Path client = Path.of("");

    private record Read(int exit, List<String> said) {}

    @BeforeEach
    void build() throws Exception {
        log = dir.resolve("log");
        client = dir.resolve("tlogclient");
        Path module = Path.of("src/test/go/tlogclient");
        Read built = run(module, go(), "build", "-trimpath", "-buildvcs=false", "-o", client.toString(), ".");
        assertThat(built.exit()).as("%s", built.said()).isZero();
    }

    private static String go() {
        List<String> places = new ArrayList<>(List.of(System.getenv("PATH").split(":", -1)));
        places.add("/usr/local/go/bin");
        return places.stream()
                .map(place -> Path.of(place, "go"))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString)
                .orElseThrow(
                        () -> new AssertionError(
                                "no go on the PATH (an independent reader of the log is built with it): apt-get install -y golang-go"));
    }

    private static Read run(Path where, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true);
        // The module says which versions; nothing else on the machine may.
        builder.environment().put("GOWORK", "off");
        builder.environment().put("GOFLAGS", "-mod=readonly");
        Process process = builder.start();
        try (Stream<String> lines = process.inputReader(UTF_8).lines()) {
            List<String> said = lines.toList();
            return new Read(process.waitFor(), said);
        }
    }

    private Read read(NoteVerifier key) throws IOException, InterruptedException {
        return run(dir, client.toString(), log.toString(), key.vkey());
    }

    @Test
    @Tag("server")
    void readsAndProvesAPublishedLog() throws Exception {
        proven(20_000);
    }

    @Test
    @Tag("deep")
    void readsAndProvesAMillionEntries() throws Exception {
        proven(1_000_000);
    }

    private void proven(int size) throws Exception {
        filled(size);
        long bundles = (size + 255L) / 256;
        Read read = read(ed25519.verifier());
        assertThat(read.said()).startsWith("entries " + size, "proven " + bundles);
        assertThat(read.exit()).isZero();
    }

    @Test
    @Tag("server")
    void refusesWhatWasAltered() throws Exception {
        filled(3000);
        assertThat(read(ed25519.verifier()).exit()).isZero();
        for (String file :
                List.of("tile/0/003", "tile/0/011.p/184", "tile/1/000.p/11", "tile/entries/007", "checkpoint")) {
            byte[] bytes = Files.readAllBytes(log.resolve(file));
            byte[] altered = bytes.clone();
            altered[bytes.length / 2] ^= 1;
            Files.write(log.resolve(file), altered);
            assertThat(read(ed25519.verifier()).exit()).as(file).isNotZero();
            Files.write(log.resolve(file), bytes);
        }
        assertThat(read(TestingSigner.ed25519(ORIGIN).verifier()).exit()).isNotZero();
        assertThat(read(ed25519.verifier()).exit()).isZero();
    }

    private void filled(int size) throws LogException {
        try (SealedLog open = SealedLog.open(log, ORIGIN, LogOptions.DEFAULTS)) {
            for (int from = 0; from < size; from += STEP) {
                open.append(
                                IntStream.range(from, Math.min(size, from + STEP))
                                        .mapToObj(i -> ("record " + i + " " + "z".repeat(i % 200)).getBytes(UTF_8))
                                        .toList(),
                                new byte[0])
                        .join();
                if (from % (4 * STEP) == 0) {
                    open.publish(List.of(ed25519, ecdsa));
                }
            }
            open.publish(List.of(ed25519, ecdsa));
        }
    }
}
