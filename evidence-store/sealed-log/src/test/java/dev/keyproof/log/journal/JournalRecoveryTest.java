package dev.keyproof.log.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyproof.log.LogCorruptException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.note.TestingSigner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalRecoveryTest {
    private static final int SLOT = 4096;

    @TempDir
    Path dir;

    private Path segment;

    @BeforeEach
    void names() {
        segment = dir.resolve("segments/0000000000000000");
    }

    private static EntryWriter record(String text) {
        return (source, epoch, sequence, previous) -> text.getBytes(UTF_8);
    }

    private Journal open() throws LogException {
        return Journal.open(dir, "broker-1", JournalOptions.DEFAULTS);
    }

    /** Three commits of one entry each; a head over so many of them. */
    private void written(int signed) throws LogException {
        try (Journal journal = open()) {
            for (int i = 1; i <= 3; i++) {
                journal.append(record("entry " + i)).join();
                if (i == signed) {
                    journal.signHead(TestingSigner.ecdsa("broker-1"));
                }
            }
        }
    }

    /** As after a crash of the machine: the mark of what was acknowledged did not reach the disk. */
    private void forgetAcknowledged() throws IOException {
        byte[] mark = Files.readAllBytes(dir.resolve("durable"));
        java.util.Arrays.fill(mark, 0, 8, (byte) 0);
        Files.write(dir.resolve("durable"), mark);
    }

    private static void flip(Path file, int place) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[place] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void whatWasWrittenWithoutACommitIsCutOff() throws Exception {
        written(0);
        Files.write(segment, new byte[] {0, 5, 1, 2, 3}, StandardOpenOption.APPEND);
        try (Journal journal = open()) {
            assertThat(journal.size()).isEqualTo(3);
            assertThat(journal.append(record("next")).join().sequence()).isEqualTo(3);
            assertThat(journal.read(3, 9)).containsExactly("next".getBytes(UTF_8));
        }
        assertThat(Journal.fsck(dir, java.util.List.of()).faults()).isEmpty();
    }

    @Test
    void aTornCommitIsAsIfItHadNeverBeen() throws Exception {
        written(2);
        flip(dir.resolve("commits"), 3 * SLOT + 100);
        forgetAcknowledged();
        try (Journal journal = open()) {
            assertThat(journal.size()).isEqualTo(2);
            assertThat(journal.append(record("again")).join().sequence()).isEqualTo(2);
        }
        assertThat(Journal.fsck(dir, java.util.List.of()).faults()).isEmpty();
    }

    @Test
    void entriesTornUnderTheLastCommitFallWithIt() throws Exception {
        written(2);
        flip(segment, (int) Files.size(segment) - 1);
        forgetAcknowledged();
        try (Journal journal = open()) {
            assertThat(journal.size()).isEqualTo(2);
        }
    }

    @Test
    void nothingAcknowledgedIsGivenUp() throws Exception {
        written(0);
        flip(dir.resolve("commits"), 3 * SLOT + 100);
        assertThatThrownBy(this::open)
                .isInstanceOf(LogCorruptException.class)
                .hasMessageContaining("acknowledged")
                .hasMessageContaining("commit slot 3 at byte 12288");
    }

    @Test
    void nothingSignedIsGivenUp() throws Exception {
        written(3);
        flip(segment, (int) Files.size(segment) - 1);
        forgetAcknowledged();
        assertThatThrownBy(this::open)
                .isInstanceOf(LogCorruptException.class)
                .hasMessageContaining("a head over 3 was signed")
                .hasMessageContaining(segment.toString());
    }

    @Test
    void noReleasedHeadIsGivenUp() throws Exception {
        written(3);
        flip(dir.resolve("heads"), 40);
        assertThatThrownBy(this::open).isInstanceOf(LogCorruptException.class).hasMessageContaining("heads");
    }

    @Test
    @Tag("server")
    void aFullDiskRefusesAndIsFollowedByOneGapEntry() throws Exception {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
        run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", dir.toString());
        try {
            JournalOptions options = JournalOptions.DEFAULTS
                    .withLog(new LogOptions(512 << 10, 512 << 10))
                    .withGapWriter((source, epoch, sequence, previous, refused) -> ("gap " + refused).getBytes(UTF_8));
            Path ballast = dir.resolve("ballast");
            Files.write(ballast, new byte[3 << 20]);
            try (Journal journal = Journal.open(dir.resolve("journal"), "broker-1", options)) {
                long taken = fill(journal);
                assertThatThrownBy(() -> journal.append(record("refused")).join())
                        .hasCauseInstanceOf(JournalFullException.class);
                assertThat(journal.refused()).isEqualTo(2);
                assertThat(journal.size()).isEqualTo(taken);
                Files.delete(ballast);
                org.awaitility.Awaitility.await().until(() -> accepted(journal));
                String gap = new String(journal.read(taken, 1).getFirst(), UTF_8);
                assertThat(gap).startsWith("gap ");
                assertThat(journal.read(taken + 1, 9)).containsExactly("after".getBytes(UTF_8));
                assertThat(journal.refused()).isZero();
            }
            assertThat(Journal.fsck(dir.resolve("journal"), java.util.List.of()).faults())
                    .isEmpty();
        } finally {
            run("umount", "-l", dir.toString());
        }
    }

    private static long fill(Journal journal) {
        String text = "x".repeat(60_000);
        for (long taken = 0; ; taken++) {
            CompletableFuture<JournalPosition> one = journal.append(record(text));
            try {
                one.join();
            } catch (CompletionException e) {
                assertThat(e).hasCauseInstanceOf(JournalFullException.class);
                return taken;
            }
        }
    }

    private static boolean accepted(Journal journal) {
        return journal.append(record("after"))
                .handle((position, refused) -> refused == null)
                .join();
    }

    private static void run(String... command) throws InterruptedException {
        try {
            assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                    .isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
