package dev.keyproof.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.keyproof.evidence.config.ConfigReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
final class TileFilesTest {
    private static final String FULL = "tile/entries/000";

    @TempDir
    static Path dir;

    private static TestingHouse house;
    private static EvidenceService service;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        house = new TestingHouse(dir);
        service = EvidenceService.start(
                ConfigReader.read(house.config(dir.resolve("home"))), Clock.systemUTC(), failure -> {
                    throw new AssertionError(failure);
                });
        List<byte[]> broken = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            broken.add(("not an event " + i).getBytes(StandardCharsets.UTF_8));
        }
        house.kafka.send("key-events", null, broken);
        await().atMost(Duration.ofSeconds(40))
                .until(() -> house.get(service.port(), "/v1/state").path("size").asLong() > 300);
    }

    @AfterAll
    static void stop() {
        service.close();
        house.close();
    }

    @Test
    void fullTilesAreKeptForEverByTheCallerAlone() throws Exception {
        // When
        HttpResponse<byte[]> tile = send("GET", "tile/0/000");

        // Then
        assertThat(tile.statusCode()).isEqualTo(200);
        assertThat(tile.body()).hasSize(256 * 32);
        assertThat(header(tile, "Cache-Control")).isEqualTo("private, max-age=31536000, immutable");
        assertThat(header(tile, "ETag")).matches("\"[A-Za-z0-9_-]{43}\"");
        assertThat(header(tile, "Accept-Ranges")).isEqualTo("bytes");
    }

    @Test
    void theCheckpointIsAskedForEachTimeAndPartialTilesSoon() throws Exception {
        // Given
        HttpResponse<byte[]> checkpoint = send("GET", "checkpoint");
        long size = Long.parseLong(new String(checkpoint.body(), StandardCharsets.UTF_8).split("\n", -1)[1]);

        // When
        HttpResponse<byte[]> partial = send("GET", "tile/0/001.p/" + (size - 256));

        // Then
        assertThat(header(checkpoint, "Cache-Control")).isEqualTo("no-cache");
        assertThat(header(checkpoint, "Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(partial.body()).hasSize((int) (size - 256) * 32);
        assertThat(header(partial, "Cache-Control")).isEqualTo("private, max-age=60");
    }

    @Test
    void whatTheCallerHasIsNotSentAgain() throws Exception {
        // Given
        String tag = header(send("GET", FULL), "ETag");

        // When
        HttpResponse<byte[]> same = send("GET", FULL, "If-None-Match", "\"other\", " + tag);
        HttpResponse<byte[]> other = send("GET", FULL, "If-None-Match", "\"other\"");

        // Then
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(header(same, "ETag")).isEqualTo(tag);
        assertThat(header(same, "Cache-Control")).contains("immutable");
        assertThat(other.statusCode()).isEqualTo(200);
    }

    @Test
    void rangesAreCutOutOfTheWhole() throws Exception {
        // Given
        HttpResponse<byte[]> whole = send("GET", FULL);
        byte[] content = whole.body();
        String tag = header(whole, "ETag");

        // When
        HttpResponse<byte[]> middle = send("GET", FULL, "Range", "bytes=10-19");
        HttpResponse<byte[]> rest = send("GET", FULL, "Range", "bytes=100-");
        HttpResponse<byte[]> last = send("GET", FULL, "Range", "bytes=-5");
        HttpResponse<byte[]> beyond = send("GET", FULL, "Range", "bytes=" + content.length + "-");
        HttpResponse<byte[]> held = send("GET", FULL, "Range", "bytes=0-0", "If-Range", tag);
        HttpResponse<byte[]> changed = send("GET", FULL, "Range", "bytes=0-0", "If-Range", "\"other\"");

        // Then
        assertThat(middle.statusCode()).isEqualTo(206);
        assertThat(middle.body()).isEqualTo(Arrays.copyOfRange(content, 10, 20));
        assertThat(header(middle, "Content-Range")).isEqualTo("bytes 10-19/" + content.length);
        assertThat(rest.body()).isEqualTo(Arrays.copyOfRange(content, 100, content.length));
        assertThat(last.body()).isEqualTo(Arrays.copyOfRange(content, content.length - 5, content.length));
        assertThat(beyond.statusCode()).isEqualTo(416);
        assertThat(header(beyond, "Content-Range")).isEqualTo("bytes */" + content.length);
        assertThat(held.statusCode()).isEqualTo(206);
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(changed.body()).isEqualTo(content);
    }

    @Test
    void aCmsCopyOfTheCheckpointIsServedBesideItAndKeptInTheFolder() throws Exception {
        // Given
        byte[] checkpoint = send("GET", "checkpoint").body();
        Path folder = java.nio.file.Files.createDirectories(dir.resolve("cms"));
        java.nio.file.Files.write(folder.resolve("checkpoint"), checkpoint);

        // When
        HttpResponse<byte[]> copy = send("GET", "checkpoint.p7s");

        // Then
        assertThat(header(copy, "Content-Type")).isEqualTo("application/pkcs7-signature");
        java.nio.file.Files.write(folder.resolve("checkpoint.p7s"), copy.body());
        assertThat(openssl(folder, folder.resolve("checkpoint.p7s"))).isZero();
        Path log = dir.resolve("home/log/" + Year.now(ZoneOffset.UTC));
        await().atMost(Duration.ofSeconds(20)).until(() -> openssl(log, log.resolve("checkpoint.p7s")) == 0);
    }

    private static int openssl(Path folder, Path cms) throws Exception {
        return new ProcessBuilder(
                        "openssl",
                        "cms",
                        "-verify",
                        "-binary",
                        "-inform",
                        "DER",
                        "-in",
                        cms.toString(),
                        "-content",
                        folder.resolve("checkpoint").toString(),
                        "-CAfile",
                        dir.resolve("home/evidence/signer.pem").toString(),
                        "-no-CApath",
                        "-no-CAstore",
                        "-purpose",
                        "any",
                        "-out",
                        "/dev/null")
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("openssl.txt").toFile())
                .start()
                .waitFor();
    }

    @Test
    void headTellsTheLengthOnly() throws Exception {
        // When
        HttpResponse<byte[]> head = send("HEAD", "tile/0/000", "Range", "bytes=0-1");

        // Then
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(header(head, "Content-Length")).isEqualTo(Integer.toString(256 * 32));
        assertThat(head.body()).isEmpty();
    }

    @Test
    void withoutATokenNothingIsShown() throws Exception {
        // When
        HttpResponse<byte[]> stranger =
                HTTP.send(HttpRequest.newBuilder(uri("tile/0/000")).build(), HttpResponse.BodyHandlers.ofByteArray());

        // Then
        assertThat(stranger.statusCode()).isEqualTo(401);
        assertThat(header(stranger, "Cache-Control")).isEqualTo("no-store");
        assertThat(send("GET", "tile/0/000.p/256").statusCode()).isEqualTo(404);
        assertThat(send("GET", "store/identity").statusCode()).isEqualTo(404);
        assertThat(send("GET", "tile/7/000").statusCode()).isEqualTo(404);
    }

    private static HttpResponse<byte[]> send(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Authorization", house.bearer("auditor"));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<byte[]> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + service.port() + "/log/" + Year.now(ZoneOffset.UTC) + "/" + path);
    }
}
