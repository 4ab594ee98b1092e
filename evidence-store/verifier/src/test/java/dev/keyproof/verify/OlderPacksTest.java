package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.verify.testing.TestingPack;
import dev.keyproof.verify.testing.TestingRecords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pack and others of the same installation that were kept. */
final class OlderPacksTest {
    private static final TestingPack TESTING = new TestingPack();
    private static final List<byte[]> EARLIER = TESTING.entries(300);
    private static final List<byte[]> LATER = longer(EARLIER);
    private static final List<byte[]> REWRITTEN = longer(rewritten(EARLIER));

    @TempDir
    Path dir;

    @Test
    void theSameLogGoneOnAgrees() throws IOException {
        Path older = write("march.zip", TESTING.pack(EARLIER));
        Path pack = write("june.zip", TESTING.pack(LATER));

        assertThat(notes(verify(pack, older)))
                .contains("keyproof/log/test/2026 is the log of which march.zip holds the first 300 entries.");
        assertThat(notes(verify(older, pack)))
                .contains("keyproof/log/test/2026 is the beginning of the log that june.zip holds.");
        assertThat(notes(verify(pack, pack)))
                .contains("keyproof/log/test/2026 is the log of which june.zip holds the first 303 entries.");
    }

    @Test
    void aRewrittenLogIsProvenAloneAndRefusedBesideTheOtherInEitherOrder() throws IOException {
        Path kept = write("march.zip", TESTING.pack(EARLIER));
        Path forged = write("june.zip", TESTING.pack(REWRITTEN));

        assertThat(verify(forged)).isInstanceOf(Verdict.Proven.class);
        assertThat(fault(verify(forged, kept)))
                .isEqualTo("log/2026/checkpoint: this log of keyproof/log/test/2026 and that in march.zip differ within"
                        + " their first 300 entries: one of them was rewritten");
        assertThat(fault(verify(kept, forged))).contains("and that in march.zip differ within their first 300");
        assertThat(fault(verify(write("same.zip", TESTING.pack(rewritten(EARLIER))), kept)))
                .contains("differ within their first 300 entries");
    }

    @Test
    void singleRecordsAreComparedOneByOne() throws IOException {
        Path kept = write("march.zip", TESTING.pack(EARLIER));
        Path same = write("K1.zip", records(LATER));
        Path forged = write("forged.zip", records(REWRITTEN));

        assertThat(notes(verify(same, kept)))
                .contains("keyproof/log/test/2026 cannot be compared as a whole with march.zip:"
                        + " 5 records that both hold are the same.");
        assertThat(fault(verify(forged, kept)))
                .isEqualTo("manifest.json, entry 3: is another in march.zip: one of the two logs was rewritten");
        assertThat(fault(verify(kept, forged)))
                .isEqualTo("manifest.json, entry 3: is another in forged.zip: one of the two logs was rewritten");
    }

    @Test
    void whatIsNoGoodPackIsNothingToCompareWith() throws IOException {
        Path pack = write("pack.zip", TESTING.pack(EARLIER));
        Path broken = write("broken.zip", "PK".getBytes(StandardCharsets.UTF_8));

        assertThat(verify(pack, broken))
                .isInstanceOfSatisfying(
                        Verdict.Unreadable.class,
                        verdict -> assertThat(verdict.reason())
                                .startsWith("--older " + broken + " is no pack to compare with: "));
    }

    private static byte[] records(List<byte[]> entries) {
        return TestingRecords.pack(TESTING, entries, List.of(0, 2, 3, 4, 299), UnaryOperator.identity());
    }

    private static List<byte[]> longer(List<byte[]> entries) {
        List<byte[]> longer = new ArrayList<>(entries);
        longer.add(TESTING.operation(300).getBytes(StandardCharsets.UTF_8));
        longer.add(TESTING.operation(301).getBytes(StandardCharsets.UTF_8));
        longer.add(TestingPack.attestation(300, 302).getBytes(StandardCharsets.UTF_8));
        return longer;
    }

    private static List<byte[]> rewritten(List<byte[]> entries) {
        List<byte[]> rewritten = new ArrayList<>(entries);
        rewritten.set(
                3,
                new String(entries.get(3), StandardCharsets.UTF_8)
                        .replace("1700000000000", "1600000000000")
                        .getBytes(StandardCharsets.UTF_8));
        return rewritten;
    }

    private static Verdict verify(Path pack, Path... older) {
        return new OlderPacks(Clock.systemUTC(), TESTING.trust(), List.of(older)).verify(pack, false);
    }

    private static List<String> notes(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Proven.class);
        return ((Verdict.Proven) verdict).summary().notes();
    }

    private static String fault(Verdict verdict) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Broken.class,
                        broken -> assertThat(broken.first().reason()).isEqualTo(Reason.LOG_FORKED));
        return ((Verdict.Broken) verdict).first().toString();
    }

    private Path write(String name, byte[] pack) throws IOException {
        return Files.write(dir.resolve(name), pack);
    }
}
