package dev.keyproof.log.sealed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyproof.log.EntryRange;
import dev.keyproof.log.FsckReport;
import dev.keyproof.log.LogException;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.merkle.ConsistencyProof;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.note.TestingSigner;
import dev.keyproof.log.tile.EntryBundle;
import dev.keyproof.log.tile.TilePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedLogTest {
    private static final String ORIGIN = "keyproof/log/test/2026";

    @TempDir
    Path dir;

    private final TestingSigner ed25519 = TestingSigner.ed25519(ORIGIN);
    private final TestingSigner ecdsa = TestingSigner.ecdsa(ORIGIN);
    private final List<TestingSigner> signers = List.of(ed25519, ecdsa);
    private final List<NoteVerifier> verifiers = List.of(ed25519.verifier(), ecdsa.verifier());

    private SealedLog open() throws LogException {
        return SealedLog.open(dir, ORIGIN, LogOptions.DEFAULTS);
    }

    private static List<byte[]> entries(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> ("entry " + i + " " + "x".repeat(i % 50)).getBytes(UTF_8))
                .toList();
    }

    @Test
    void holdsEntriesAndPositionsTogether() throws Exception {
        try (SealedLog log = open()) {
            assertThat(log.append(entries(0, 300), new byte[] {1}).join()).isEqualTo(new EntryRange(0, 300));
            assertThat(log.append(List.of(), new byte[] {2}).join()).isEqualTo(new EntryRange(300, 300));
            assertThat(log.positions()).containsExactly(2);
        }
        try (SealedLog log = open()) {
            assertThat(log.size()).isEqualTo(300);
            assertThat(log.positions()).containsExactly(2);
            assertThat(log.entry(299)).isEqualTo(entries(299, 300).getFirst());
            assertThat(log.read(10, 3)).containsExactlyElementsOf(entries(10, 13));
            assertThatThrownBy(() -> log.entry(300)).isInstanceOf(LogException.class);
        }
    }

    @Test
    void knowsThePositionsOfTheLastHead() throws Exception {
        SignedHead head;
        try (SealedLog log = open()) {
            assertThat(log.lastPublished()).isEmpty();
            log.append(entries(0, 10), new byte[] {1}).join();
            head = log.publish(signers);
            log.append(entries(10, 20), new byte[] {2}).join();
            assertThat(log.lastPublished().orElseThrow().head()).isEqualTo(head);
            assertThat(log.lastPublished().orElseThrow().positions()).containsExactly(1);
        }
        try (SealedLog log = open()) {
            // The last commit is behind the head: its positions are not the head's.
            assertThat(log.lastHead()).contains(head);
            assertThat(log.lastPublished()).isEmpty();
            head = log.publish(signers);
            assertThat(log.lastPublished().orElseThrow().positions()).containsExactly(2);
        }
        try (SealedLog log = open()) {
            assertThat(log.lastPublished().orElseThrow().head()).isEqualTo(head);
            assertThat(log.lastPublished().orElseThrow().positions()).containsExactly(2);
        }
    }

    @Test
    void refusesWhatIsTooLarge() throws Exception {
        try (SealedLog log = open()) {
            assertThatThrownBy(() -> log.append(List.of(new byte[65_536]), new byte[0]))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> log.append(List.of(), new byte[SealedLog.MAX_POSITIONS + 1]))
                    .isInstanceOf(IllegalArgumentException.class);
            List<byte[]> tooMany = Collections.nCopies(65, new byte[65_535]);
            assertThatThrownBy(() -> log.append(tooMany, new byte[0])).isInstanceOf(IllegalArgumentException.class);
            assertThat(log.append(List.of(new byte[65_535], new byte[0]), new byte[SealedLog.MAX_POSITIONS])
                            .join()
                            .count())
                    .isEqualTo(2);
        }
    }

    @Test
    void publishesTilesThatProveEveryEntry() throws Exception {
        int[] sizes = {1, 255, 256, 257, 700, 70_000};
        List<SignedHead> heads = new ArrayList<>();
        TreeHasher hasher = new TreeHasher();
        try (SealedLog log = open()) {
            int size = 0;
            for (int to : sizes) {
                while (size < to) {
                    int next = Math.min(to, size + 5000);
                    log.append(entries(size, next), new byte[0]).join();
                    size = next;
                }
                SignedHead head = log.publish(signers);
                assertThat(head.size()).isEqualTo(to);
                assertThat(head.checkpoint().root()).isEqualTo(log.root());
                assertThat(head.note().verifiedBy(verifiers)).hasSize(2);
                assertThat(new TileFolder(dir).checkpoint()).isEqualTo(head);
                heads.add(head);
                for (int i = 0; i < to; i += Math.max(1, to / 17)) {
                    Hash leaf = hasher.leaf(entries(i, i + 1).getFirst());
                    assertThat(log.inclusionProof(i, to)
                                    .verifies(leaf, head.checkpoint().root()))
                            .isTrue();
                }
            }
            for (SignedHead older : heads) {
                ConsistencyProof proof = log.consistencyProof(older.size(), size);
                assertThat(proof.verifies(
                                older.checkpoint().root(),
                                heads.getLast().checkpoint().root()))
                        .isTrue();
            }
            assertThatThrownBy(() -> log.inclusionProof(0, 70_001)).isInstanceOf(LogException.class);
        }
        assertThat(Files.size(dir.resolve("tile/0/000"))).isEqualTo(8192);
        assertThat(Files.size(dir.resolve("tile/0/273.p/112"))).isEqualTo(112 * 32);
        assertThat(Files.size(dir.resolve("tile/1/001.p/17"))).isEqualTo(17 * 32);
        assertThat(Files.size(dir.resolve("tile/2/000.p/1"))).isEqualTo(32);
        assertThat(Files.exists(dir.resolve("tile/0/000.p"))).isFalse();
        byte[] bundle = new TileFolder(dir).read(TilePath.entries(273, 112));
        assertThat(EntryBundle.decode(bundle)).containsExactlyElementsOf(entries(69_888, 70_000));
        assertThat(SealedLog.fsck(dir, verifiers)).isEqualTo(new FsckReport(70_000, 70_000, List.of()));
    }

    @Test
    void publishesNothingNewForNothingNew() throws Exception {
        try (SealedLog log = open()) {
            log.append(entries(0, 10), new byte[0]).join();
            assertThat(log.publish(signers)).isSameAs(log.publish(signers));
        }
    }

    @Test
    void aSignerThatFailsLeavesTheLastHeadStanding() throws Exception {
        try (SealedLog log = open()) {
            log.append(entries(0, 300), new byte[0]).join();
            SignedHead first = log.publish(signers);
            log.append(entries(300, 600), new byte[0]).join();
            assertThatThrownBy(() -> log.publish(List.of(ed25519.failing()))).isInstanceOf(NoteException.class);
            assertThat(new TileFolder(dir).checkpoint()).isEqualTo(first);
            assertThat(log.publish(signers).size()).isEqualTo(600);
        }
        assertThat(SealedLog.fsck(dir, verifiers).faults()).isEmpty();
    }

    @Test
    void goesOnPublishingAfterReopening() throws Exception {
        try (SealedLog log = open()) {
            log.append(entries(0, 1000), new byte[0]).join();
            log.publish(signers);
            log.append(entries(1000, 1500), new byte[0]).join();
        }
        try (SealedLog log = open()) {
            assertThat(log.lastHead().orElseThrow().size()).isEqualTo(1000);
            SignedHead head = log.publish(signers);
            assertThat(head.size()).isEqualTo(1500);
            assertThat(log.consistencyProof(1000, 1500).path()).isNotEmpty();
        }
        assertThat(SealedLog.fsck(dir, verifiers).faults()).isEmpty();
    }

    @Test
    void makesDerivedFilesAgainWhenTheyAreGoneOrWrong() throws Exception {
        filled(140_000);
        Files.write(dir.resolve("tile/0/001"), new byte[8192]);
        Files.delete(dir.resolve("tile/2/000.p/2"));
        Files.delete(dir.resolve("checkpoint"));
        assertThat(SealedLog.fsck(dir, verifiers).faults()).hasSize(3);
        open().close();
        assertThat(SealedLog.fsck(dir, verifiers).faults()).isEmpty();
    }

    @Test
    void rebuildsEverythingFromTheStoreAlone() throws Exception {
        filled(3000);
        TileWriter.delete(dir.resolve("tile"));
        Files.delete(dir.resolve("checkpoint"));
        assertThat(SealedLog.rebuild(dir)).isEqualTo(3000);
        assertThat(SealedLog.fsck(dir, verifiers).faults()).isEmpty();
    }

    @Test
    void rebuildRefusesWhatDoesNotLeadToTheSignedRoot() throws Exception {
        filled(3000);
        flip(dir.resolve("store/segments/0000000000000000"), 5000);
        assertThatThrownBy(() -> SealedLog.rebuild(dir))
                .isInstanceOf(LogException.class)
                .hasMessageContaining("nothing was changed");
        assertThat(Files.exists(dir.resolve("checkpoint"))).isTrue();
    }

    @Test
    void fsckFindsAnyFlippedBitAndSaysWhere() throws Exception {
        filled(3000);
        for (String file : List.of("checkpoint", "tile/0/005", "tile/1/000.p/11", "tile/entries/005")) {
            flip(dir.resolve(file), 17);
            assertThat(SealedLog.fsck(dir, verifiers).faults()).anyMatch(fault -> fault.contains(file));
            flip(dir.resolve(file), 17);
        }
        for (String file : List.of("segments/0000000000000000", "commits", "heads")) {
            long place = file.equals("commits") ? 4096 + 50 : 50;
            flip(dir.resolve("store/" + file), place);
            assertThat(SealedLog.fsck(dir, verifiers).faults()).as(file).anyMatch(fault -> fault.contains(file));
            flip(dir.resolve("store/" + file), place);
        }
        Files.write(dir.resolve("tile/0/006"), new byte[] {1}, StandardOpenOption.APPEND);
        assertThat(SealedLog.fsck(dir, verifiers).faults())
                .singleElement()
                .asString()
                .contains("tile/0/006")
                .contains("8192");
    }

    @Test
    void fsckFindsHeadsOfAnotherSigner() throws Exception {
        filled(10);
        NoteVerifier stranger = TestingSigner.ed25519(ORIGIN).verifier();
        assertThat(SealedLog.fsck(dir, List.of(stranger)).faults())
                .singleElement()
                .asString()
                .contains("no known key");
    }

    @Test
    void refusesAnotherOrigin() throws Exception {
        filled(1);
        assertThatThrownBy(() -> SealedLog.open(dir, "other", LogOptions.DEFAULTS))
                .hasMessageContaining(ORIGIN);
    }

    private void filled(int count) throws LogException {
        try (SealedLog log = open()) {
            for (int i = 0; i < count; i += 5000) {
                log.append(entries(i, Math.min(count, i + 5000)), new byte[] {7})
                        .join();
            }
            log.publish(signers);
        }
    }

    private static void flip(Path file, long place) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) place] ^= 4;
        Files.write(file, bytes);
    }
}
