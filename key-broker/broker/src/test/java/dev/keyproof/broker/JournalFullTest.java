package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.BrokerProcess.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The journal on a small file system of its own, filled by somebody else: the kernel says when there is no room. */
@Tag("server")
class JournalFullTest {
    @Test
    void noRoomIsRefusedAndRoomGoesOnWithOneGapRecord() throws Exception {
        try (TestHome home = TestHome.create()) {
            Path mount = Files.createDirectories(home.root().resolve("journal"));
            assumeTrue(
                    run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", mount.toString()),
                    "not run: mounting a tmpfs needs root");
            try {
                home.set("keyproof.journal.preallocate-kib", "256");
                fillAndFree(home, mount);
            } finally {
                assertThat(run("umount", "-l", mount.toString())).isTrue();
            }
        }
    }

    private static void fillAndFree(TestHome home, Path mount) throws Exception {
        try (BrokerProcess broker = home.start()) {
            String admin = home.token("root", "administrator");
            String key = broker.post("/v1/keys", admin, "{'name':'k','algorithm':'AES_256_GCM'}")
                    .body()
                    .path("id")
                    .asText();
            String app = home.token("payments", "application");
            Path ballast = fill(mount.resolve("ballast"));

            int refused = 0;
            Reply last = encrypt(broker, key, app);
            for (int i = 0; i < 2000 && refused < 5; i++) {
                refused += last.status() == 503 ? 1 : 0;
                last = encrypt(broker, key, app);
            }
            assertThat(last.status()).as("%s", last).isEqualTo(503);
            assertThat(last.problem()).isEqualTo("journal-full");
            assertThat(last.record()).isEmpty();
            Reply made = broker.post("/v1/keys", admin, "{'name':'no','algorithm':'AES_256_GCM'}");
            assertThat(made.problem()).isEqualTo("journal-full");

            Files.delete(ballast);
            // The journal looks for room ten times a second.
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> encrypt(broker, key, app).status() == 200);

            List<JsonNode> gaps = Records.of(home.journal()).of("service", "JournalGap");
            assertThat(gaps).hasSize(1);
            assertThat(Records.keyproof(gaps.getFirst())
                            .path("detail")
                            .path("refused")
                            .asInt())
                    .isGreaterThanOrEqualTo(7);
            assertThat(broker.get("/v1/keys", admin).body().path("keys")).hasSize(1);
        }
        // It starts again on what it left.
        home.start().close();
    }

    private static Reply encrypt(BrokerProcess broker, String key, String token) throws Exception {
        return broker.post("/v1/keys/" + key + ":encrypt", token, "{'plaintext':'aGVsbG8='}");
    }

    /** Takes all the room that is left. */
    private static Path fill(Path file) throws IOException {
        byte[] block = new byte[4096];
        try (var out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            for (int i = 0; i < 8192; i++) {
                out.write(block);
            }
        } catch (IOException full) {
            return file;
        }
        throw new IllegalStateException("the file system is larger than it should be");
    }

    private static boolean run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}
