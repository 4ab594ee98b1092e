package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.verify.testing.TestingPack;
import dev.keyproof.verify.testing.TestingRecords;
import dev.keyproof.verify.testing.TestingZip;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Ten thousand flips in one copy of a large pack, all looked for in one run: each is found, and its entry or line named. */
final class ManyFlipsTest {
    private static final long SEED = 20_261_126;
    private static final int ENTRIES = 20_000;

    private final TestingPack testing = new TestingPack();
    private final Random random = new Random(SEED);

    /** A flip, and where it must be said to be: in this file, and there at this place if it is not empty. */
    private record Flip(String file, String place) {}

    @Test
    void inTheLogAndInTheResults() throws IOException {
        byte[] pack = testing.pack(entries());

        List<Flip> flips = new ArrayList<>();
        Broken broken =
                flipped(pack, 10_000, name -> name.startsWith("log/2026/tile/") || name.startsWith("results/"), flips);

        assertThat(flips).hasSize(10_000);
        assertThat(flips.stream()
                        .filter(flip -> flip.place.startsWith("entry "))
                        .count())
                .isGreaterThan(5_000);
        assertThat(flips.stream()
                        .filter(flip -> flip.file.equals(PackContents.FINDINGS))
                        .count())
                .isGreaterThan(20);
        assertThat(broken.missed(flips)).isEmpty();
    }

    @Test
    void inTheRecords() throws IOException {
        List<byte[]> entries = testing.entries(3_000);
        byte[] pack = TestingRecords.pack(
                testing,
                entries,
                IntStream.range(0, 3_000).filter(i -> i != 1).boxed().toList(),
                UnaryOperator.identity());

        List<Flip> flips = new ArrayList<>();
        Broken broken = flipped(pack, 2_000, name -> name.equals(SingleRecords.NAME), flips);

        assertThat(flips).hasSize(2_000).allMatch(flip -> flip.place.startsWith("line "));
        assertThat(broken.missed(flips)).isEmpty();
    }

    /** Every twentieth entry is a finding. */
    private List<byte[]> entries() {
        List<byte[]> entries = testing.entries(ENTRIES);
        for (int i = 20; i < ENTRIES - 1; i += 20) {
            entries.set(
                    i,
                    ("{\"class_uid\":2004,\"metadata\":{\"uid\":\"" + new UUID(random.nextLong(), random.nextLong())
                                    + "\"}}")
                            .getBytes(StandardCharsets.UTF_8));
        }
        return entries;
    }

    /** A file as it was, and as it is bent. */
    private record Bent(String name, byte[] original, byte[] bent) {}

    private Broken flipped(byte[] pack, int count, Predicate<String> wanted, List<Flip> flips) throws IOException {
        SortedMap<String, byte[]> files = TestingZip.files(pack);
        List<Bent> targets = files.entrySet().stream()
                .filter(file -> wanted.test(file.getKey()) && file.getValue().length > 0)
                .map(file ->
                        new Bent(file.getKey(), file.getValue(), file.getValue().clone()))
                .toList();
        long all = targets.stream().mapToLong(target -> target.bent.length).sum();
        Set<String> taken = new HashSet<>();
        while (flips.size() < count) {
            long at = random.nextLong(all);
            Bent target = targets.getFirst();
            for (Bent one : targets) {
                target = one;
                if (at < one.bent.length) {
                    break;
                }
                at -= one.bent.length;
            }
            int place = (int) at;
            byte was = target.original[place];
            byte is = (byte) (was ^ (1 << random.nextInt(8)));
            // A line that becomes two, or two that become one, would shift the numbers of all that follow.
            boolean line = target.name.endsWith(".ndjson") && (was == '\n' || is == '\n');
            if (!line && taken.add(target.name + " " + place)) {
                target.bent[place] = is;
                flips.add(new Flip(target.name, placeOf(target.name, target.original, place)));
            }
        }
        targets.forEach(target -> files.put(target.name, target.bent));
        Verdict verdict = new PackVerifier(Clock.systemUTC())
                .verify(MemorySegment.ofArray(TestingZip.zip(files)), testing.trust(), true);
        assertThat(verdict).isInstanceOf(Verdict.Broken.class);
        return new Broken(((Verdict.Broken) verdict).faults());
    }

    /** The entry or line of a byte; empty where the file has no parts, or the byte says how long one is. */
    private static String placeOf(String name, byte[] content, int at) {
        if (name.endsWith(".ndjson")) {
            int lines = 1;
            for (int i = 0; i < at; i++) {
                lines += content[i] == '\n' ? 1 : 0;
            }
            return "line " + lines;
        }
        if (!name.contains("/tile/entries/")) {
            return "";
        }
        long index = bundle(name) * 256L;
        for (int i = 0; i < content.length; index++) {
            int length = ((content[i] & 0xff) << 8) | (content[i + 1] & 0xff);
            if (at < i + 2) {
                return "";
            }
            if (at < i + 2 + length) {
                return "entry " + index;
            }
            i += 2 + length;
        }
        throw new IllegalStateException(name + " ends before " + at);
    }

    /** {@code .../tile/entries/012} and {@code .../tile/entries/012.p/34} are the bundle 12. */
    private static int bundle(String name) {
        return Integer.parseInt(name.replaceFirst(".*/tile/entries/([0-9]{3}).*", "$1"));
    }

    /** What one run found. */
    private static final class Broken {
        private final Set<String> files = new HashSet<>();
        private final Set<Flip> places = new HashSet<>();
        private final Set<String> unreadable = new HashSet<>();

        Broken(List<Fault> faults) {
            for (Fault fault : faults) {
                files.add(fault.file());
                String entry = fault.entry();
                if (entry != null) {
                    places.add(new Flip(fault.file(), entry));
                }
                if (fault.reason() == Reason.BUNDLE_FORM) {
                    unreadable.add(fault.file());
                }
            }
        }

        /** A bundle of which a length is altered falls apart as a whole: its entries are not told apart then. */
        List<Flip> missed(List<Flip> flips) {
            return flips.stream()
                    .filter(flip -> (flip.place.isEmpty() || unreadable.contains(flip.file))
                            ? !files.contains(flip.file)
                            : !places.contains(flip))
                    .limit(10)
                    .toList();
        }
    }
}
