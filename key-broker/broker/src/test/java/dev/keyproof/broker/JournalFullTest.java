package dev.keyproof.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import org.junit.jupiter.api.condition.EnabledIf;

/** The kernel says that there is no room for the journal: on a small file system, and by the process's own limit. */
@Tag("server")
class JournalFullTest {
    /** Takes the room away, and gives it back. */
    private interface Room {
        void take(BrokerProcess broker) throws Exception;

        void giveBack(BrokerProcess broker) throws Exception;
    }

    /** Needs root to mount; who is not root still has the other test. */
    @Test
    @EnabledIf("root")
    void aFullFileSystemIsRefusedAndRoomGoesOnWithOneGapRecord() throws Exception {
        try (TestHome home = TestHome.create()) {
            Path mount = Files.createDirectories(home.root().resolve("journal"));
            assertThat(run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", mount.toString()))
                    .isTrue();
            try {
                takeAndGiveBack(home, new Room() {
                    @Override
                    public void take(BrokerProcess broker) throws IOException {
                        fill(mount.resolve("ballast"));
                    }

                    @Override
                    public void giveBack(BrokerProcess broker) throws IOException {
                        Files.delete(mount.resolve("ballast"));
                    }
                });
            } finally {
                assertThat(run("umount", "-l", mount.toString())).isTrue();
            }
        }
    }

    @Test
    void aFileThatMayNotGrowIsRefusedAndRoomGoesOnWithOneGapRecord() throws Exception {
        try (TestHome home = TestHome.create()) {
            takeAndGiveBack(home, new Room() {
                @Override
                public void take(BrokerProcess broker) throws Exception {
                    FileLimit.set(broker, home.journal());
                }

                @Override
                public void giveBack(BrokerProcess broker) throws Exception {
                    FileLimit.lift(broker);
                }
            });
        }
    }

    static boolean root() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static void takeAndGiveBack(TestHome home, Room room) throws Exception {
        home.set("keyproof.journal.preallocate-kib", "256");
        try (BrokerProcess broker = home.start()) {
            String admin = home.token("root", "administrator");
            String key = broker.post("/v1/keys", admin, "{'name':'k','algorithm':'AES_256_GCM'}")
                    .body()
                    .path("id")
                    .asText();
            String app = home.token("payments", "application");
            room.take(broker);

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

            room.giveBack(broker);
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
    private static void fill(Path file) throws IOException {
        byte[] block = new byte[4096];
        try (var out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            for (int i = 0; i < 8192; i++) {
                out.write(block);
            }
        } catch (IOException full) {
            return;
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
