package dev.keyproof.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyproof.verify.testing.TestingPack;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Whatever bit is flipped, it is found and the place is named; also where the zip around it is made sound again. */
final class EveryBitTest {
    private static final int LARGEST = 256 << 10;
    private static final long SEED = 20_261_124;

    private final TestingPack testing = new TestingPack();
    private final byte[] pack = testing.pack(testing.entries(300));
    private final TrustFile trust = testing.trust();
    private final PackVerifier verifier = new PackVerifier(Clock.systemUTC());
    private final Map<String, byte[]> files = files(pack);
    private final Places places = new Places(files);

    @Test
    void oneBitInEveryByteOfThePack() {
        assertThat(pack.length).isBetween(LARGEST / 2, LARGEST);
        byte[] bits = new byte[pack.length];
        new Random(SEED).nextBytes(bits);

        List<String> missed = IntStream.range(0, pack.length)
                .parallel()
                .mapToObj(at -> missed(at, bits[at] & 7))
                .filter(text -> !text.isEmpty())
                .toList();

        assertThat(missed).isEmpty();
    }

    @Test
    void allBitsOfTheSignatureTheTimeTokenAndTheZipsOwnHeaders() {
        List<String> missed = IntStream.range(0, pack.length)
                .filter(at -> places.isHeader(at)
                        || places.file(at).equals(Manifest.CMS)
                        || places.file(at).equals(Manifest.DSSE)
                        || places.file(at).endsWith(".tsr"))
                .parallel()
                .boxed()
                .flatMap(at -> IntStream.range(0, 8).mapToObj(bit -> missed(at, bit)))
                .filter(text -> !text.isEmpty())
                .toList();

        assertThat(missed).isEmpty();
    }

    @Test
    void aBitInEveryFourthByteOfTheSignedFilesUnderASoundZip() {
        List<String> missed = new ArrayList<>();
        for (String name : List.of(
                Manifest.CMS,
                Manifest.DSSE,
                Manifest.NAME,
                "trust/signer.pem",
                "trust/log.vkey",
                "time/2026.tsr",
                "time/2026.tsq",
                ManifestTime.NAME,
                ManifestTime.CHAIN)) {
            byte[] content = java.util.Objects.requireNonNull(files.get(name));
            IntStream.range(0, content.length / 4)
                    .parallel()
                    .mapToObj(n -> missedIn(name, n * 4, n % 8))
                    .filter(text -> !text.isEmpty())
                    .forEach(text -> {
                        synchronized (missed) {
                            missed.add(text);
                        }
                    });
        }

        assertThat(missed).isEmpty();
    }

    @Test
    void aHundredThroughTheCommand(@TempDir Path dir) throws IOException {
        Path file = dir.resolve("pack.zip");
        Path anchor = Files.writeString(dir.resolve("anchor.trust"), trust.text());
        Random random = new Random(SEED);
        for (int i = 0; i < 100; i++) {
            byte[] bent = pack.clone();
            int at = random.nextInt(pack.length);
            bent[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, bent);
            StringWriter said = new StringWriter();

            int exit = new CommandLine(new VerifyCommand())
                    .setOut(new PrintWriter(said))
                    .execute(file.toString(), "--trust", anchor.toString());

            assertThat(exit).as("byte %d", at).isEqualTo(1);
            assertThat(said.toString()).contains("BROKEN").contains(places.name(at));
        }
    }

    /** Empty if the flip is found and its place named. */
    private String missed(int at, int bit) {
        byte[] bent = pack.clone();
        bent[at] ^= (byte) (1 << bit);
        Verdict verdict = verifier.verify(MemorySegment.ofArray(bent), trust, false);
        if (!(verdict instanceof Verdict.Broken broken)) {
            return "byte " + at + " bit " + bit + " in " + places.name(at) + ": " + verdict;
        }
        return broken.first().file().contains(places.name(at))
                ? ""
                : "byte " + at + " bit " + bit + " in " + places.name(at) + " is said to be " + broken.first();
    }

    private String missedIn(String name, int at, int bit) {
        byte[] bent = java.util.Objects.requireNonNull(files.get(name)).clone();
        bent[at] ^= (byte) (1 << bit);
        CanonicalZipWriter writer = new CanonicalZipWriter();
        files.forEach((file, content) -> writer.add(file, file.equals(name) ? bent : content));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writer.writeTo(out);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        Verdict verdict = verifier.verify(MemorySegment.ofArray(out.toByteArray()), trust, false);
        return verdict instanceof Verdict.Broken ? "" : name + " byte " + at + " bit " + bit + ": " + verdict;
    }

    private static Map<String, byte[]> files(byte[] pack) {
        try {
            Map<String, byte[]> files = new TreeMap<>();
            CanonicalZip.read(MemorySegment.ofArray(pack), new Faults(false))
                    .files()
                    .forEach((name, content) -> files.put(name, content.toArray(ValueLayout.JAVA_BYTE)));
            return files;
        } catch (UnreadableException | BrokenPackException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What stands where in the zip. */
    private static final class Places {
        private final TreeMap<Integer, String> starts = new TreeMap<>();
        private int directory;

        Places(Map<String, byte[]> files) {
            int at = 0;
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                starts.put(at, "zip header of " + file.getKey());
                at += ZipForm.LOCAL_FIXED + file.getKey().length();
                starts.put(at, file.getKey());
                at += file.getValue().length;
            }
            directory = at;
            starts.put(at, "zip d");
            for (String name : files.keySet()) {
                at += ZipForm.CENTRAL_FIXED + name.length();
            }
            starts.put(at, "zip end");
        }

        /** What a fault at this byte must name. */
        String name(int at) {
            String place = place(at);
            return place.startsWith("zip header of ")
                    ? place.substring("zip header of ".length())
                    : place.startsWith("zip d") ? "zip" : place;
        }

        String file(int at) {
            return place(at);
        }

        boolean isHeader(int at) {
            return at >= directory || place(at).startsWith("zip ");
        }

        private String place(int at) {
            return java.util.Objects.requireNonNull(starts.floorEntry(at)).getValue();
        }
    }
}
