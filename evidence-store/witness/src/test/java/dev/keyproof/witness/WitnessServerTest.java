package dev.keyproof.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.keyproof.log.note.Cosigner;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.note.SignedNote;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
final class WitnessServerTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path dir;

    private KeyPair pair;
    private NoteVerifier vkey;

    @BeforeEach
    void keys() throws Exception {
        pair = TestingLog.pair();
        vkey = WitnessKey.make(dir.resolve("witness.key"), "witness.example/one");
    }

    @Test
    void cosignsWhatExtendsTheLastHead() throws Exception {
        try (TestingLog log = new TestingLog(dir.resolve("log"), pair);
                WitnessServer server = server(log.verifier())) {
            // Given
            SignedHead first = log.grow("a", 3);

            // When
            HttpResponse<String> one = post(server, log.submission(0));
            SignedHead second = log.grow("b", 300);
            HttpResponse<String> two = post(server, log.submission(3));

            // Then
            assertThat(one.statusCode()).isEqualTo(200);
            assertThat(cosigned(first, one)).containsExactly(vkey);
            assertThat(two.statusCode()).isEqualTo(200);
            assertThat(cosigned(second, two)).containsExactly(vkey);
            assertThat(two.body()).startsWith("\u2014 witness.example/one ").endsWith("\n");
            // The same head again is the same statement, later.
            assertThat(post(server, log.submission(303)).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void tellsWhoeverComesWithAnotherOldSizeTheRightOne() throws Exception {
        try (TestingLog log = new TestingLog(dir.resolve("log"), pair);
                WitnessServer server = server(log.verifier())) {
            // Given
            log.grow("a", 5);
            post(server, log.submission(0));
            log.grow("b", 5);

            // When
            HttpResponse<String> conflict = post(server, log.submission(0));

            // Then
            assertThat(conflict.statusCode()).isEqualTo(409);
            assertThat(conflict.headers().firstValue("Content-Type")).contains("text/x.tlog.size");
            assertThat(conflict.body()).isEqualTo("5\n");
            assertThat(post(server, log.submission(5)).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void refusesAForkOfWhateverLength() throws Exception {
        try (TestingLog log = new TestingLog(dir.resolve("log"), pair);
                TestingLog fork = new TestingLog(dir.resolve("fork"), pair);
                WitnessServer server = server(log.verifier())) {
            // Given
            log.grow("a", 4);
            post(server, log.submission(0));

            // When
            fork.grow("x", 4);
            HttpResponse<String> sameSize = post(server, fork.submission(4));
            fork.grow("x", 4);
            HttpResponse<String> longer = post(server, fork.submission(4));

            // Then
            assertThat(sameSize.statusCode()).isEqualTo(409);
            assertThat(sameSize.body()).isEqualTo("4\n");
            assertThat(longer.statusCode()).isEqualTo(422);
            log.grow("b", 1);
            assertThat(post(server, log.submission(4)).statusCode()).isEqualTo(200);
            try (var files = Files.list(dir.resolve("state"))) {
                assertThat(files.map(Path::toString)).anyMatch(file -> file.endsWith(".contradiction"));
            }
        }
    }

    @Test
    void refusesWhatIsUnknownUnsignedOrMalformed() throws Exception {
        try (TestingLog log = new TestingLog(dir.resolve("log"), pair);
                TestingLog stranger = new TestingLog(dir.resolve("stranger"), TestingLog.pair());
                WitnessServer server = server(log.verifier())) {
            // Given
            log.grow("a", 4);
            stranger.grow("a", 4);
            String good = new String(log.submission(0), StandardCharsets.UTF_8);

            // When
            int unsigned = post(server, stranger.submission(0)).statusCode();
            int unknown = status(server, good.replace("example.com/log\n", "example.com/other\n"));

            // Then
            assertThat(unsigned).isEqualTo(403);
            assertThat(unknown).isEqualTo(404);
            assertThat(status(server, good.replace("old 0", "old 5"))).isEqualTo(400);
            assertThat(status(server, good.replace("old 0", "old 00"))).isEqualTo(400);
            assertThat(status(server, good.replace("old 0", "old -1"))).isEqualTo(400);
            assertThat(status(server, good.replace("old 0\n", "old 0\nAAAA\n"))).isEqualTo(400);
            assertThat(status(server, good.replace("old 0\n", "old 0\n" + "x".repeat(44) + "\n")))
                    .isEqualTo(400);
            String hash = log.log.root().base64() + "\n";
            assertThat(status(server, good.replace("old 0\n", "old 0\n" + hash.repeat(64))))
                    .isEqualTo(400);
            assertThat(status(server, good.replace("old 0\n", "old 0\n" + hash)))
                    .isEqualTo(422);
            assertThat(status(server, "")).isEqualTo(400);
            assertThat(status(server, "x".repeat(70_000))).isEqualTo(413);
            assertThat(status(server, good)).isEqualTo(200);
        }
    }

    @Test
    void afterARolloverItTakesTheNewKeyFromItsOperatorAndFromNobodyElse() throws Exception {
        KeyPair next = TestingLog.pair();
        NoteVerifier old;
        try (TestingLog log = new TestingLog(dir.resolve("log"), pair);
                WitnessServer server = server(log.verifier())) {
            // Given
            old = log.verifier();
            log.grow("a", 4);
            assertThat(post(server, log.submission(0)).statusCode()).isEqualTo(200);
        }
        try (TestingLog log = new TestingLog(dir.resolve("log"), next)) {
            log.grow("b", 4);

            // When
            try (WitnessServer server = server(old)) {
                assertThat(post(server, log.submission(4)).statusCode()).isEqualTo(403);
            }

            // Then: told the new key as well, it goes on from where it was
            try (WitnessServer server = server(old, log.verifier())) {
                assertThat(post(server, log.submission(0)).body()).isEqualTo("4\n");
                assertThat(post(server, log.submission(4)).statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void ofManyAtOnceNoneTakesItBack() throws Exception {
        try (TestingLog log = new TestingLog(dir.resolve("log"), pair);
                WitnessServer server = server(log.verifier())) {
            // Given
            log.grow("a", 1);
            post(server, log.submission(0));
            java.util.ArrayList<byte[]> submissions = new java.util.ArrayList<>();
            for (int i = 0; i < 20; i++) {
                log.grow("b", 1);
                submissions.add(log.submission(1));
            }

            // When
            List<Integer> answers = submissions.parallelStream()
                    .map(body -> {
                        try {
                            return post(server, body).statusCode();
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    })
                    .toList();

            // Then
            assertThat(answers).containsOnlyOnce(200);
            assertThat(answers).containsOnly(200, 409);
        }
    }

    @Test
    void killedAtAnyTimeItStillKnowsWhatItCosigned() throws Exception {
        Random random = new Random(7);
        try (TestingLog log = new TestingLog(dir.resolve("log"), pair)) {
            log.grow("a", 1);
            long cosigned = 0;
            for (int run = 0; run < 4; run++) {
                // Given
                Path out = dir.resolve("out-" + run);
                Process process = process(log.verifier(), out);
                try {
                    int port = port(out);
                    for (int i = 0; i < 3 + random.nextInt(20); i++) {
                        HttpResponse<String> answer = post(port, log.submission(cosigned));
                        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                        cosigned = log.log.lastHead().orElseThrow().size();
                        log.grow("b", 1);
                    }
                } finally {
                    // When
                    process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
                }
            }
            // Then
            try (WitnessServer server = server(log.verifier())) {
                assertThat(post(server, log.submission(0)).body()).isEqualTo(cosigned + "\n");
                assertThat(post(server, log.submission(cosigned)).statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void aFolderHasOneWitnessAndAKeyOneReader() throws Exception {
        try (TestingLog log = new TestingLog(dir.resolve("log"), pair);
                WitnessServer server = server(log.verifier())) {
            // When
            assertThatThrownBy(() -> server(log.verifier()).close())
                    // Then
                    .isInstanceOf(WitnessException.class)
                    .hasMessageContaining("another witness uses");
            assertThat(server.vkey()).isEqualTo(vkey.vkey());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("witness.key"))))
                    .isEqualTo("rw-------");
            Files.setPosixFilePermissions(dir.resolve("witness.key"), PosixFilePermissions.fromString("rw-r--r--"));
            assertThatThrownBy(() -> WitnessKey.read(dir.resolve("witness.key"), InstantSource.system()))
                    .hasMessageContaining("others may read");
            assertThatThrownBy(() -> WitnessKey.make(dir.resolve("witness.key"), "x"))
                    .hasMessageContaining("is there already");
        }
    }

    private WitnessServer server(NoteVerifier... logs) throws Exception {
        Cosigner cosigner = WitnessKey.read(dir.resolve("witness.key"), InstantSource.system());
        return WitnessServer.start(cosigner, List.of(logs), dir.resolve("state"), InetAddress.getLoopbackAddress(), 0);
    }

    private Process process(NoteVerifier log, Path out) throws Exception {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WitnessCommand.class.getName(),
                        "--key",
                        dir.resolve("witness.key").toString(),
                        "--log",
                        log.vkey(),
                        "--state",
                        dir.resolve("state").toString(),
                        "--port",
                        "0")
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
    }

    private static int port(Path out) {
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.readString(out).contains("/add-checkpoint\n"));
        try {
            String text = Files.readString(out);
            return URI.create(text.substring(text.indexOf("http://"), text.indexOf("/add-checkpoint")))
                    .getPort();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private List<NoteVerifier> cosigned(SignedHead head, HttpResponse<String> answer) throws Exception {
        return SignedNote.parse(head.note().format() + answer.body()).verifiedBy(List.of(vkey));
    }

    private static HttpResponse<String> post(WitnessServer server, byte[] body) throws Exception {
        return post(server.port(), body);
    }

    private static HttpResponse<String> post(int port, byte[] body) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/add-checkpoint"))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static int status(WitnessServer server, String body) throws Exception {
        return post(server, body.getBytes(StandardCharsets.UTF_8)).statusCode();
    }
}
