package dev.keyproof.log.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A parser, and bytes that nobody wrote: valid samples altered by a fixed seed, or whatever Jazzer comes upon.
 *
 * @param type a class with {@code fuzzerTestOneInput}, as Jazzer calls it
 * @param samples that it takes
 * @param target the same method
 */
public record Parser(Class<?> type, List<byte[]> samples, Consumer<byte[]> target) {
    private static final int ALTERATIONS = 3000;
    private static final int SECONDS = 20;
    private static final int MOST_BYTES = 200_000;

    @Override
    public String toString() {
        return type.getSimpleName().replace("Fuzz", "");
    }

    /** Takes what was altered, or says that it is malformed. */
    public void meetAlteredSamples() {
        Random random = new Random(6962);
        for (byte[] sample : samples) {
            target.accept(sample);
            int alterations = sample.length > 10_000 ? ALTERATIONS / 20 : ALTERATIONS;
            for (int i = 0; i < alterations; i++) {
                byte[] altered = altered(random, sample);
                try {
                    target.accept(altered);
                } catch (RuntimeException | Error e) {
                    throw new AssertionError(this + " fails on " + Arrays.toString(altered), e);
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

    /** Explores it by Jazzer, in a process of its own, which looks for new paths through the code. */
    public void meetJazzer(Path dir) throws Exception {
        Path corpus = Files.createDirectory(dir.resolve("corpus"));
        for (int i = 0; i < samples.size(); i++) {
            Files.write(corpus.resolve("sample-" + i), samples.get(i));
        }
        Path said = dir.resolve("said");
        Process jazzer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + type.getName(),
                        "--instrumentation_includes=dev.keyproof.**",
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
        assertThat(runs(text)).as("runs of %s", this).isGreaterThan(1000);
    }

    private static long runs(String text) {
        return text.lines()
                .filter(line -> line.startsWith("Done "))
                .mapToLong(line -> Long.parseLong(line.split(" ", -1)[1]))
                .findFirst()
                .orElse(0);
    }
}
