package dev.keyproof.log.sealed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.log.LogCorruptException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.note.TestingSigner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The last block that was being written when the machine went down is cut, garbage or zero from some byte on. Then the log is back at
 * the last commit that is whole; or, where a head was signed over more, it refuses and says where.
 */
class TornWriteTest {
    private static final String ORIGIN = "keyproof/log/torn";
    private static final LogOptions OPTIONS = new LogOptions(256 << 10, 1 << 20);
    private static final int BLOCK = 4096;
    private static final int SLOT = 3;
    private static final int BEFORE = 4;
    private static final int ALL = 6;

    @TempDir
    Path dir;

    private final TestingSigner signer = TestingSigner.ed25519(ORIGIN);

    /** What became of the bytes from one on. */
    enum Torn {
        CUT,
        GARBAGE,
        ZERO;

        byte[] from(byte[] bytes, int at, int end) {
            if (this == CUT) {
                return Arrays.copyOf(bytes, at);
            }
            byte[] torn = bytes.clone();
            Arrays.fill(torn, at, end, (byte) 0);
            if (this == GARBAGE) {
                byte[] garbage = new byte[end - at];
                new Random(at).nextBytes(garbage);
                System.arraycopy(garbage, 0, torn, at, garbage.length);
            }
            return torn;
        }
    }

    @ParameterizedTest
    @EnumSource(Torn.class)
    void isMetAtManyBytes(Torn torn) throws Exception {
        sweep(torn, 257);
    }

    @ParameterizedTest
    @EnumSource(Torn.class)
    @Tag("deep")
    void isMetAtEachByte(Torn torn) throws Exception {
        sweep(torn, 1);
    }

    private void sweep(Torn torn, int step) throws Exception {
        for (int signed : new int[] {BEFORE, ALL}) {
            Map<Path, byte[]> whole = written(signed);
            Path segment = dir.resolve("store/segments/0000000000000000");
            byte[] entries = Files.readAllBytes(segment);
            int last = entries.length - 2 * 902;
            int block = (entries.length - 1) / BLOCK * BLOCK;
            assertThat(block).isLessThan(last);
            for (int at = block; at < entries.length; at += step) {
                // Entries of an earlier commit cannot have been torn by the last write: that is damage.
                boolean damage = at < last;
                check(whole, segment, torn.from(entries, at, entries.length), signed == ALL || damage);
            }
            Path commits = dir.resolve("store/commits");
            byte[] slots = requireNonNull(whole.get(commits));
            for (int at = SLOT * BLOCK; at < (SLOT + 1) * BLOCK; at += step) {
                check(whole, commits, torn.from(slots, at, (SLOT + 1) * BLOCK), signed == ALL);
            }
        }
    }

    /** Three commits, of which the last is two entries of 900 bytes; then the machine goes down. */
    private Map<Path, byte[]> written(int signed) throws Exception {
        clear();
        try (SealedLog log = SealedLog.open(dir, ORIGIN, OPTIONS)) {
            append(log, 1, 100);
            append(log, 3, 1500);
            if (signed == BEFORE) {
                log.publish(List.of(signer));
            }
            append(log, 2, 900);
            if (signed == ALL) {
                log.publish(List.of(signer));
            }
        }
        // What was acknowledged is known in memory only.
        byte[] mark = Files.readAllBytes(dir.resolve("store/durable"));
        Arrays.fill(mark, 0, 16, (byte) 0);
        Files.write(dir.resolve("store/durable"), mark);
        Map<Path, byte[]> whole = new TreeMap<>();
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                whole.put(file, Files.readAllBytes(file));
            }
        }
        return whole;
    }

    private static void append(SealedLog log, int count, int bytes) {
        List<byte[]> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add("y".repeat(bytes).getBytes(UTF_8));
        }
        log.append(entries, new byte[] {(byte) count}).join();
    }

    private void check(Map<Path, byte[]> whole, Path file, byte[] torn, boolean refuses) throws Exception {
        clear();
        for (Map.Entry<Path, byte[]> each : whole.entrySet()) {
            Files.createDirectories(each.getKey().resolveSibling("."));
            Files.write(each.getKey(), each.getKey().equals(file) ? torn : each.getValue());
        }
        boolean unharmed = Arrays.equals(torn, whole.get(file));
        String what = file.getFileName() + " of " + torn.length + " bytes";
        try (SealedLog log = SealedLog.open(dir, ORIGIN, OPTIONS)) {
            assertThat(refuses && !unharmed).as(what).isFalse();
            assertThat(log.size()).as(what).isEqualTo(unharmed ? ALL : BEFORE);
            assertThat(log.positions()).as(what).containsExactly(unharmed ? 2 : 3);
            append(log, 1, 33);
            log.publish(List.of(signer));
        } catch (LogException e) {
            assertThat(refuses && !unharmed).as(what + ": " + e).isTrue();
            assertThat(e).isInstanceOf(LogCorruptException.class).hasMessageContaining(file.toString());
            return;
        }
        assertThat(SealedLog.fsck(dir, List.of(signer.verifier())).faults())
                .as(what)
                .isEmpty();
    }

    private void clear() throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.toList().reversed()) {
                if (!file.equals(dir)) {
                    Files.delete(file);
                }
            }
        }
    }
}
