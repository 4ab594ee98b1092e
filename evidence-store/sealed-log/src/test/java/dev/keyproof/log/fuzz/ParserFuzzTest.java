package dev.keyproof.log.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.log.note.CheckpointFuzz;
import dev.keyproof.log.note.SignedNoteFuzz;
import dev.keyproof.log.note.VerifierKeyFuzz;
import dev.keyproof.log.store.CommitSlotFuzz;
import dev.keyproof.log.store.HeadFileFuzz;
import dev.keyproof.log.tile.EntryBundleFuzz;
import dev.keyproof.log.tile.TilePathFuzz;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every parser meets bytes that nobody wrote. Normally valid samples, altered by a fixed seed, and whatever was found once
 * ({@code fuzz/PARSER/} in the resources); in the deep run Jazzer, which looks for new paths through the code.
 */
class ParserFuzzTest {
    private static final int ALTERATIONS = 3000;
    private static final int SECONDS = 20;
    private static final int MOST_BYTES = 200_000;

    @TempDir
    Path dir;

    /** A class with {@code fuzzerTestOneInput}, as Jazzer calls it. */
    record Parser(Class<?> type, List<byte[]> samples, Consumer<byte[]> target) {
        @Override
        public String toString() {
            return type.getSimpleName().replace("Fuzz", "");
        }
    }

    static Stream<Parser> parsers() {
        return Stream.of(
                new Parser(EntryBundleFuzz.class, EntryBundleFuzz.samples(), EntryBundleFuzz::fuzzerTestOneInput),
                new Parser(TilePathFuzz.class, TilePathFuzz.samples(), TilePathFuzz::fuzzerTestOneInput),
                new Parser(SignedNoteFuzz.class, SignedNoteFuzz.samples(), SignedNoteFuzz::fuzzerTestOneInput),
                new Parser(CheckpointFuzz.class, CheckpointFuzz.samples(), CheckpointFuzz::fuzzerTestOneInput),
                new Parser(VerifierKeyFuzz.class, VerifierKeyFuzz.samples(), VerifierKeyFuzz::fuzzerTestOneInput),
                new Parser(CommitSlotFuzz.class, CommitSlotFuzz.samples(), CommitSlotFuzz::fuzzerTestOneInput),
                new Parser(HeadFileFuzz.class, HeadFileFuzz.samples(), HeadFileFuzz::fuzzerTestOneInput));
    }

    @ParameterizedTest
    @MethodSource("parsers")
    void takesWhatWasAlteredOrSaysThatItIsMalformed(Parser parser) {
        Random random = new Random(6962);
        for (byte[] sample : parser.samples()) {
            parser.target().accept(sample);
            int alterations = sample.length > 10_000 ? ALTERATIONS / 20 : ALTERATIONS;
            for (int i = 0; i < alterations; i++) {
                byte[] altered = altered(random, sample);
                try {
                    parser.target().accept(altered);
                } catch (RuntimeException | Error e) {
                    throw new AssertionError(parser + " fails on " + Arrays.toString(altered), e);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("parsers")
    void staysMendedWhereItFailedOnce(Parser parser) throws Exception {
        Path found = Path.of("src/test/resources/fuzz", parser.toString());
        if (Files.isDirectory(found)) {
            try (Stream<Path> inputs = Files.list(found)) {
                for (Path input : inputs.toList()) {
                    parser.target().accept(Files.readAllBytes(input));
                }
            }
        }
    }

    /** Some bits turned, a piece cut out, repeated or filled. */
    private static byte[] altered(Random random, byte[] sample) {
        byte[] bytes = sample.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && bytes.length > 0; i++) {
            int from = random.nextInt(bytes.length);
            int to = Math.min(bytes.length, from + 1 + random.nextInt(16));
            switch (random.nextInt(5)) {
                case 0 -> bytes[from] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes = Arrays.copyOf(bytes, from);
                case 2 -> Arrays.fill(bytes, from, to, (byte) (random.nextBoolean() ? 0xff : random.nextInt()));
                case 3 -> bytes = joined(bytes, 0, from, bytes, to, bytes.length);
                default -> bytes = joined(bytes, 0, to, bytes, from, bytes.length);
            }
        }
        return bytes;
    }

    private static byte[] joined(byte[] first, int from, int to, byte[] second, int begin, int end) {
        byte[] joined = Arrays.copyOf(Arrays.copyOfRange(first, from, to), to - from + end - begin);
        System.arraycopy(second, begin, joined, to - from, end - begin);
        return joined;
    }

    @ParameterizedTest
    @MethodSource("parsers")
    @Tag("deep")
    void isExploredByJazzer(Parser parser) throws Exception {
        Path corpus = Files.createDirectory(dir.resolve("corpus"));
        for (int i = 0; i < parser.samples().size(); i++) {
            Files.write(corpus.resolve("sample-" + i), parser.samples().get(i));
        }
        Path said = dir.resolve("said");
        Process jazzer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + parser.type().getName(),
                        "--instrumentation_includes=dev.keyproof.log.**",
                        "--reproducer_path=" + dir,
                        "-max_total_time=" + SECONDS,
                        "-max_len=" + MOST_BYTES,
                        "-seed=6962",
                        "-artifact_prefix=" + dir + "/",
                        corpus.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        int exit = jazzer.waitFor();
        String text = Files.readString(said, UTF_8);
        assertThat(text).contains("INFO: Seed: 6962");
        assertThat(exit)
                .as("%s", text.substring(Math.max(0, text.length() - 4000)))
                .isZero();
        assertThat(runs(text)).as("runs of %s", parser).isGreaterThan(1000);
    }

    private static long runs(String text) {
        return text.lines()
                .filter(line -> line.startsWith("Done "))
                .mapToLong(line -> Long.parseLong(line.split(" ", -1)[1]))
                .findFirst()
                .orElse(0);
    }
}
