package dev.keyproof.log.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyproof.log.FsckReport;
import dev.keyproof.log.LogException;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.note.TestingSigner;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    Path dir;

    private static EntryWriter record(String text) {
        return (source, epoch, sequence, previous) ->
                (source + " " + epoch + " " + sequence + " " + previous + " " + text).getBytes(UTF_8);
    }

    private Journal open() throws LogException {
        return Journal.open(dir, "broker-1", JournalOptions.DEFAULTS);
    }

    @Test
    void numbersAndChainsWhatIsAppended() throws Exception {
        try (Journal journal = open()) {
            List<CompletableFuture<JournalPosition>> appended = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                appended.add(journal.append(record("entry " + i)));
            }
            for (int i = 0; i < 1000; i++) {
                assertThat(appended.get(i).join()).isEqualTo(new JournalPosition("broker-1", journal.epoch(), i));
            }
            List<byte[]> entries = journal.read(0, 2000);
            assertThat(entries).hasSize(1000);
            String previous = "0".repeat(64);
            for (int i = 0; i < 1000; i++) {
                String expected = "broker-1 " + journal.epoch() + " " + i + " " + previous + " entry " + i;
                assertThat(new String(entries.get(i), UTF_8)).isEqualTo(expected);
                previous = HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(entries.get(i)));
            }
        }
    }

    @Test
    void goesOnWhereItStopped() throws Exception {
        String epoch;
        try (Journal journal = open()) {
            epoch = journal.epoch();
            journal.append(record("first")).join();
        }
        try (Journal journal = open()) {
            assertThat(journal.epoch()).isEqualTo(epoch).hasSize(26);
            assertThat(journal.append(record("second")).join().sequence()).isEqualTo(1);
            String second = new String(journal.read(1, 1).getFirst(), UTF_8);
            String hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(journal.read(0, 1).getFirst()));
            assertThat(second).contains(" 1 " + hash + " second");
        }
    }

    @Test
    void aWriterThatThrowsFailsAloneAndItsNumberIsUsedByTheNext() throws Exception {
        try (Journal journal = open()) {
            CompletableFuture<JournalPosition> bad = journal.append((source, epoch, sequence, previous) -> {
                throw new IllegalStateException("no");
            });
            CompletableFuture<JournalPosition> large =
                    journal.append((source, epoch, sequence, previous) -> new byte[65_536]);
            CompletableFuture<JournalPosition> good = journal.append(record("good"));

            assertThat(good.join().sequence()).isZero();
            assertThatThrownBy(bad::join).hasCauseInstanceOf(IllegalStateException.class);
            assertThatThrownBy(large::join).hasCauseInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void hasOneWriter() throws Exception {
        try (Journal journal = open()) {
            assertThatThrownBy(this::open).isInstanceOf(LogException.class).hasMessageContaining("elsewhere");
            assertThat(journal.size()).isZero();
        }
        assertThatThrownBy(() -> Journal.open(dir, "broker-2", JournalOptions.DEFAULTS))
                .hasMessageContaining("broker-1");
    }

    @Test
    void refusesAfterClosing() throws Exception {
        Journal journal = open();
        journal.close();
        assertThatThrownBy(() -> journal.append(record("late")).join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(LogException.class);
    }

    @Test
    void signsHeadsThatExtendEachOther() throws Exception {
        TestingSigner signer = TestingSigner.ecdsa("keyproof/journal/broker-1");
        NoteVerifier verifier = signer.verifier();
        try (Journal journal = open()) {
            assertThat(journal.signHead(signer)).isEmpty();
            journal.append(record("a")).join();
            SignedHead first = journal.signHead(signer).orElseThrow();
            assertThat(first.size()).isEqualTo(1);
            assertThat(first.checkpoint().origin()).isEqualTo("keyproof/journal/broker-1/" + journal.epoch());
            assertThat(first.note().verifiedBy(List.of(verifier))).containsExactly(verifier);
            assertThat(journal.signHead(signer)).isEmpty();
            journal.append(record("b")).join();
            assertThat(journal.signHead(signer).orElseThrow().size()).isEqualTo(2);
        }
        try (Journal journal = open()) {
            assertThat(journal.lastHead().orElseThrow().size()).isEqualTo(2);
            journal.append(record("c")).join();
            assertThat(journal.signHead(signer).orElseThrow().size()).isEqualTo(3);
        }
        assertThat(Journal.fsck(dir, List.of(verifier))).isEqualTo(new FsckReport(3, 3, List.of()));
    }

    @Test
    void isFollowedWhileItIsWritten() throws Exception {
        TestingSigner signer = TestingSigner.ecdsa("broker-1");
        assertThat(JournalReader.exists(dir)).isFalse();
        try (Journal journal = open();
                JournalReader reader = JournalReader.open(dir)) {
            assertThat(reader.source()).isEqualTo("broker-1");
            assertThat(reader.epoch()).isEqualTo(journal.epoch());
            assertThat(reader.read(0, 10)).isEmpty();
            long next = 0;
            for (int round = 0; round < 50; round++) {
                List<CompletableFuture<JournalPosition>> appended = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    appended.add(journal.append(record("x".repeat(100))));
                }
                appended.forEach(CompletableFuture::join);
                journal.signHead(signer);
                List<byte[]> entries = reader.read(next, 1000);
                assertThat(entries).hasSize(20);
                for (byte[] entry : entries) {
                    assertThat(new String(entry, UTF_8)).startsWith("broker-1 " + journal.epoch() + " " + next + " ");
                    next++;
                }
                assertThat(reader.headsAfter(next - 20))
                        .extracting(SignedHead::size)
                        .containsExactly(next);
            }
            assertThat(reader.headsAfter(0)).hasSize(50);
        }
    }

    @Test
    void crossesSegments() throws Exception {
        int count = 140_000;
        try (Journal journal = open()) {
            CompletableFuture<JournalPosition> last = journal.append(record("0"));
            for (int i = 1; i < count; i++) {
                last = journal.append(record("" + i));
            }
            assertThat(last.join().sequence()).isEqualTo(count - 1);
            journal.signHead(TestingSigner.ecdsa("broker-1"));
        }
        try (Journal journal = open()) {
            assertThat(journal.size()).isEqualTo(count);
            assertThat(new String(journal.read(65_535, 1).getFirst(), UTF_8)).contains(" 65535 ");
            assertThat(new String(journal.read(65_536, 1).getFirst(), UTF_8)).contains(" 65536 ");
            assertThat(journal.append(record("more")).join().sequence()).isEqualTo(count);
        }
        assertThat(Journal.fsck(dir, List.of()).faults()).isEmpty();
    }

    @Test
    void restartsExactlyAtTheEndOfASegment() throws Exception {
        try (Journal journal = open()) {
            CompletableFuture<JournalPosition> last = journal.append(record("0"));
            for (int i = 1; i < 65_536; i++) {
                last = journal.append(record("" + i));
            }
            last.join();
        }
        assertThat(Journal.fsck(dir, List.of()).faults()).isEmpty();
        try (Journal journal = open()) {
            assertThat(journal.size()).isEqualTo(65_536);
            journal.append(record("next")).join();
        }
        assertThat(Journal.fsck(dir, List.of()).faults()).isEmpty();
    }
}
