package dev.keyproof.log.sealed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyproof.log.FsckReport;
import dev.keyproof.log.LogCorruptException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.TestingSigner;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One bit altered, anywhere: it is named; what is derived is repaired, what is primary is not served. */
class BitFlipTest {
    private static final String ORIGIN = "keyproof/log/flips";
    private static final LogOptions OPTIONS = new LogOptions(256 << 10, 4 << 20);
    private static final int SMALL = 700;
    /** Three whole segments, of which two are read when the log is opened, and a part. */
    private static final int SEGMENTS = 200_000;

    @TempDir
    Path dir;

    private final TestingSigner signer = TestingSigner.ed25519(ORIGIN);
    private final List<NoteVerifier> verifiers = List.of(signer.verifier());

    private record Flip(Path file, long place, int bit) {
        void turn() throws IOException {
            try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                bytes.seek(place);
                int old = bytes.read();
                bytes.seek(place);
                bytes.write(old ^ 1 << bit);
            }
        }
    }

    private static byte[] entry(int i) {
        return ("entry " + i + " " + "x".repeat(i % 40)).getBytes(UTF_8);
    }

    private void filled(int size, int step) throws LogException {
        try (SealedLog log = SealedLog.open(dir, ORIGIN, OPTIONS)) {
            for (int from = 0; from < size; from += step) {
                log.append(
                                IntStream.range(from, Math.min(size, from + step))
                                        .mapToObj(BitFlipTest::entry)
                                        .toList(),
                                new byte[] {1})
                        .join();
                if (from % (3L * step) == 0) {
                    log.publish(List.of(signer));
                }
            }
            log.publish(List.of(signer));
        }
    }

    private List<Path> files(String below) throws IOException {
        try (Stream<Path> all = Files.walk(dir.resolve(below))) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private List<String> faults() throws LogException {
        return SealedLog.fsck(dir, verifiers).faults();
    }

    private static Flip flip(Random random, List<Path> files) throws IOException {
        Path file = files.get(random.nextInt(files.size()));
        return new Flip(file, (long) (random.nextDouble() * Files.size(file)), random.nextInt(8));
    }

    @BeforeEach
    void fill() throws Exception {
        filled(SMALL, 50);
        assertThat(faults()).isEmpty();
    }

    @Test
    void isNamedAndRepairedInDerivedFiles() throws Exception {
        derived(20);
    }

    @Test
    @Tag("deep")
    void isNamedAndRepairedInDerivedFilesManyTimes() throws Exception {
        derived(3000);
    }

    private void derived(int times) throws Exception {
        Random random = new Random(6962);
        for (int i = 0; i < times; i++) {
            List<Path> files = new ArrayList<>(files("tile"));
            files.add(dir.resolve("checkpoint"));
            Flip flip = flip(random, files);
            flip.turn();
            assertThat(faults()).as("%s", flip).isNotEmpty().allMatch(fault -> fault.startsWith(flip.file() + ": "));
            SealedLog.rebuild(dir);
            assertThat(faults()).as("%s", flip).isEmpty();
        }
    }

    @Test
    void isNamedAndNotServedFromPrimaryFiles() throws Exception {
        primary(40);
    }

    @Test
    @Tag("deep")
    void isNamedAndNotServedFromPrimaryFilesManyTimes() throws Exception {
        primary(10_000);
    }

    private void primary(int times) throws Exception {
        Random random = new Random(9162);
        Path store = dir.resolve("store");
        List<Path> files =
                List.of(store.resolve("segments/0000000000000000"), store.resolve("commits"), store.resolve("heads"));
        byte[] commits = Files.readAllBytes(store.resolve("commits"));
        byte[] heads = Files.readAllBytes(store.resolve("heads"));
        for (int i = 0; i < times; i++) {
            Flip flip = flip(random, files);
            flip.turn();
            assertThat(faults()).as("%s", flip).isNotEmpty().anyMatch(fault -> fault.startsWith(flip.file() + ": "));
            assertThat(served(flip)).as("%s", flip).isTrue();
            flip.turn();
            Files.write(store.resolve("commits"), commits);
            Files.write(store.resolve("heads"), heads);
        }
        assertThat(faults()).isEmpty();
    }

    /** Opened, all entries are right and the log is sound again; or it is not opened, and the file is named. */
    private boolean served(Flip flip) {
        try (SealedLog log = SealedLog.open(dir, ORIGIN, OPTIONS)) {
            List<byte[]> entries = log.read(0, SMALL);
            return entries.size() == SMALL
                    && IntStream.range(0, SMALL).allMatch(i -> java.util.Arrays.equals(entries.get(i), entry(i)));
        } catch (LogException e) {
            return e instanceof LogCorruptException
                    && String.valueOf(e.getMessage()).contains(flip.file().toString());
        }
    }

    @Test
    void keepsBackTheDamagedRangeAndServesTheRest() throws Exception {
        filledFurther();
        Path first = dir.resolve("store/segments/0000000000000000");
        Flip flip = new Flip(first, Files.size(first) / 2, 3);
        flip.turn();
        List<String> faults = faults();
        assertThat(faults).anyMatch(fault -> fault.startsWith(first + ": entry "));
        assertThat(faults).noneMatch(fault -> fault.contains("/tile/"));
        // Old segments are not read when a log is opened; what they hold is held against its tiles when it is asked
        // for.
        try (SealedLog log = SealedLog.open(dir, ORIGIN, OPTIONS)) {
            assertThatThrownBy(() -> log.read(0, 65_536))
                    .isInstanceOf(LogCorruptException.class)
                    .hasMessageStartingWith(first + ": entry ")
                    .hasMessageContaining("is not what was sealed");
            assertThat(log.entry(5)).isEqualTo(entry(5));
            assertThat(log.read(65_536, 1000)).hasSize(1000);
            assertThat(log.append(List.of(entry(0)), new byte[0]).join().from()).isEqualTo(SEGMENTS);
            assertThat(log.publish(List.of(signer)).size()).isEqualTo(SEGMENTS + 1);
        }
    }

    @Test
    void canBeReadAroundWhenTheLogCannotBeOpened() throws Exception {
        filledFurther();
        Path last = dir.resolve("store/segments/0000000000131072");
        // Before the last commit, which recovery would meet.
        Flip flip = new Flip(last, Files.size(last) / 8, 0);
        flip.turn();
        assertThatThrownBy(() -> SealedLog.open(dir, ORIGIN, OPTIONS))
                .isInstanceOf(LogCorruptException.class)
                .hasMessageContaining(last + ": entry ");
        assertThatThrownBy(() -> SealedLog.rebuild(dir))
                .isInstanceOf(LogCorruptException.class)
                .hasMessageContaining(last + ": entry ");
        // Neither of them touched the copies that are in the tiles.
        assertThat(faults()).noneMatch(fault -> fault.contains("/tile/"));
        try (SealedLogReader reader = SealedLogReader.open(dir)) {
            assertThat(reader.origin()).isEqualTo(ORIGIN);
            assertThat(reader.read(0, 131_072)).hasSize(131_072);
            assertThatThrownBy(() -> reader.read(131_072, SEGMENTS))
                    .isInstanceOf(LogCorruptException.class)
                    .hasMessageStartingWith(last + ": entry ");
        }
    }

    @Test
    void aDamagedTileKeepsNoEntryBack() throws Exception {
        filledFurther();
        new Flip(dir.resolve("tile/0/003"), 77, 1).turn();
        Files.delete(dir.resolve("tile/0/004"));
        try (SealedLogReader reader = SealedLogReader.open(dir)) {
            List<byte[]> entries = reader.read(600, 800);
            for (int i = 0; i < 800; i++) {
                assertThat(entries.get(i)).isEqualTo(entry(600 + i));
            }
        }
    }

    private void filledFurther() throws LogException {
        try (SealedLog log = SealedLog.open(dir, ORIGIN, OPTIONS)) {
            for (int from = SMALL; from < SEGMENTS; from += 40_000) {
                log.append(
                                IntStream.range(from, Math.min(SEGMENTS, from + 40_000))
                                        .mapToObj(BitFlipTest::entry)
                                        .toList(),
                                new byte[] {2})
                        .join();
            }
            log.publish(List.of(signer));
        }
        assertThat(SealedLog.fsck(dir, verifiers)).isEqualTo(new FsckReport(SEGMENTS, SEGMENTS, List.of()));
    }
}
