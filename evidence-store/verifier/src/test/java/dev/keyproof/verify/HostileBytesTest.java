package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.verify.testing.TestingPack;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Packs whose maker is the enemy: every file may hold anything, listed and signed as it is. Nothing but a verdict comes out. */
final class HostileBytesTest {
    private static final long SEED = 20_261_125;
    private static final int FEW = 200;
    private static final int MANY = 5_000;

    /** Where parsers trip. */
    private static final List<String> NASTY = List.of(
            "9".repeat(400),
            "-1",
            "1e999",
            "{}",
            "[]",
            "null",
            "\"\"",
            "\\ud800",
            "\u0000",
            "\u2014",
            "sha256:",
            "../..",
            "+",
            "\n\n",
            "\n",
            "=",
            "-----BEGIN CERTIFICATE-----\n",
            "{".repeat(70),
            "18446744073709551616");

    private final TestingPack testing = new TestingPack();
    private final List<byte[]> entries = entries();
    private final TrustFile trust = testing.trust();

    private List<byte[]> entries() {
        List<byte[]> sealed = testing.entries(12);
        sealed.set(6, TestingPack.COMPLIANCE.getBytes(StandardCharsets.UTF_8));
        return sealed;
    }

    @Test
    void signedFilesOfAnyContentGiveAVerdict() {
        files(FEW);
    }

    @Test
    void sealedEntriesOfAnyContentGiveAVerdict() {
        entries(FEW);
    }

    @Test
    void trustFilesOfAnyContentAreReadOrRefused() {
        trustFiles(FEW);
    }

    @Test
    @Tag("deep")
    void manyMoreOfEach() {
        files(MANY);
        entries(MANY);
        trustFiles(MANY);
    }

    /** What gives no verdict ends the test, whatever it is. */
    private void files(int count) {
        IntStream.range(0, count).parallel().forEach(n -> {
            Random random = new Random(SEED + n);
            String[] altered = new String[1];
            byte[] pack = testing.pack(entries, testing.signer, files -> altered[0] = alterOne(files, random));

            Verdict verdict = verify(pack, random.nextBoolean());

            assertThat(verdict)
                    .as("mutation %d of %s: %s", n, altered[0], verdict)
                    .isInstanceOfAny(Verdict.Broken.class, allowed(altered[0]));
        });
    }

    /** Of texts nothing can be wrong, and of a time stamp only what the authority signed. */
    private static Class<? extends Verdict> allowed(String file) {
        return file.endsWith(".md") || file.startsWith("time/") ? Verdict.class : Verdict.Broken.class;
    }

    private static String alterOne(Map<String, byte[]> files, Random random) {
        List<String> names = List.copyOf(new TreeMap<>(files).keySet());
        String name = names.get(random.nextInt(names.size()));
        byte[] before = files.getOrDefault(name, new byte[0]);
        byte[] after = altered(before, random);
        while (Arrays.equals(before, after)) {
            after = altered(before, random);
        }
        files.put(name, after);
        return name;
    }

    private void entries(int count) {
        IntStream.range(0, count).parallel().forEach(n -> {
            Random random = new Random(SEED - 1 - n);
            List<byte[]> sealed = new java.util.ArrayList<>(entries);
            int which = random.nextInt(sealed.size());
            sealed.set(which, altered(sealed.get(which), random));

            // The log is sound, whatever its entries say: the pack can be made, and gets one of the verdicts.
            Verdict verdict = verify(testing.pack(sealed), true);

            assertThat(verdict).as("mutation %d of entry %d", n, which).isNotInstanceOf(Verdict.Unreadable.class);
        });
    }

    private void trustFiles(int count) {
        byte[] text = trust.text().getBytes(StandardCharsets.UTF_8);
        for (int n = 0; n < count; n++) {
            String altered = new String(altered(text, new Random(SEED + n)), StandardCharsets.UTF_8);
            try {
                TrustFile.parse(altered);
            } catch (UnreadableException e) {
                assertThat(e).hasMessageStartingWith("not a trust file: line ");
            }
        }
    }

    private Verdict verify(byte[] pack, boolean all) {
        Verdict verdict = new PackVerifier(Clock.systemUTC()).verify(MemorySegment.ofArray(pack), trust, all);
        if (verdict instanceof Verdict.Broken broken) {
            assertThat(broken.first().file()).isNotEmpty();
            assertThat(broken.first().sentence()).isNotEmpty().doesNotContain("\n\tat ");
        }
        return verdict;
    }

    /** Some bytes flipped, cut, doubled, or replaced by what parsers trip over. */
    private static byte[] altered(byte[] content, Random random) {
        if (content.length == 0) {
            return NASTY.get(random.nextInt(NASTY.size())).getBytes(StandardCharsets.UTF_8);
        }
        int at = random.nextInt(content.length);
        int end = Math.min(content.length, at + 1 + random.nextInt(64));
        return switch (random.nextInt(6)) {
            case 0 -> {
                byte[] bent = content.clone();
                bent[at] ^= (byte) (1 << random.nextInt(8));
                yield bent;
            }
            case 1 -> Arrays.copyOf(content, at);
            case 2 -> splice(content, at, end, new byte[0]);
            case 3 -> splice(content, at, at, Arrays.copyOfRange(content, at, end));
            case 4 ->
                splice(content, at, end, NASTY.get(random.nextInt(NASTY.size())).getBytes(StandardCharsets.UTF_8));
            default -> {
                byte[] noise = new byte[1 + random.nextInt(8)];
                random.nextBytes(noise);
                yield splice(content, at, Math.min(content.length, at + noise.length), noise);
            }
        };
    }

    private static byte[] splice(byte[] content, int from, int to, byte[] between) {
        byte[] all = Arrays.copyOf(content, from + between.length + content.length - to);
        System.arraycopy(between, 0, all, from, between.length);
        System.arraycopy(content, to, all, from + between.length, content.length - to);
        return all;
    }
}
