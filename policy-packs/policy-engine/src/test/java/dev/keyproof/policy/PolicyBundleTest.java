package dev.keyproof.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

final class PolicyBundleTest {
    @Test
    void aBundleIsNamedByItsBytesHoweverItIsRead() throws Exception {
        PolicyBundle builtIn = PolicyBundle.builtIn();

        PolicyBundle again = PolicyBundle.of(builtIn.bytes());

        assertThat(again.digest()).isEqualTo(builtIn.digest()).matches("sha256:[0-9a-f]{64}");
        assertThat(PolicyBundle.read(new ByteArrayInputStream(builtIn.bytes())).digest())
                .isEqualTo(builtIn.digest());
        assertThat(again.data()).isEqualTo(builtIn.data());
    }

    @Test
    void aBundleCarriesItsSource() throws Exception {
        assertThat(TarReader.files(PolicyBundle.builtIn().bytes()))
                .containsKeys(
                        "authz/decision.rego",
                        "rules/material/strength/rule.rego",
                        "plan.json",
                        "data.json",
                        ".manifest");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> PolicyBundle.read(Path.of("/nonexistent/bundle.tar.gz")))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("policy bundle /nonexistent/bundle.tar.gz cannot be read");
    }

    @Test
    void whatIsNoArchiveIsRefused() {
        refused("package x".getBytes(StandardCharsets.UTF_8), "is damaged: not a gzip archive");
        refused(new byte[0], "is damaged");
    }

    @Test
    void aTruncatedBundleIsRefused() throws Exception {
        byte[] whole = PolicyBundle.builtIn().bytes();

        for (int length : new int[] {1, 100, whole.length / 2, whole.length - 1}) {
            refused(Arrays.copyOf(whole, length), "is damaged");
        }
    }

    /** The compression carries a checksum over all; so one flipped bit in its content is found, whatever it hits. */
    @Test
    void aFlippedBitIsFound() throws Exception {
        byte[] whole = PolicyBundle.builtIn().bytes();

        for (int at = 10; at < whole.length; at += 4_999) {
            byte[] altered = whole.clone();
            altered[at] ^= 1;
            refused(altered, "is damaged");
        }
    }

    @Test
    void aBundleWithoutAPlanIsRefused() throws Exception {
        byte[] tar = unzipped(PolicyBundle.builtIn().bytes());
        refused(zipped(renamed(tar, "plan.json", "plan.jsom")), "has no plan.json: build it with -t plan");
    }

    @Test
    void aPlanThatIsNoneIsRefused() throws Exception {
        byte[] tar = unzipped(PolicyBundle.builtIn().bytes());
        int header = find(tar, "plan.json");
        byte[] altered = tar.clone();
        Arrays.fill(altered, header - header % 512 + 512, header - header % 512 + 1024, (byte) 7);

        refused(zipped(altered), "is damaged");
    }

    @Test
    void aHeaderThatWasChangedIsRefused() throws Exception {
        byte[] tar = unzipped(PolicyBundle.builtIn().bytes());
        tar[find(tar, "plan.json") + 2] ^= 1;

        refused(zipped(tar), "a header with a wrong checksum");
    }

    private static void refused(byte[] bytes, String why) {
        assertThatThrownBy(() -> PolicyBundle.of(bytes))
                .isInstanceOf(PolicyException.class)
                .hasMessageStartingWith("policy bundle in memory ")
                .hasMessageContaining(why);
    }

    /** The same tar with one file under another name, of the same length and the same sum of bytes plus the difference. */
    private static byte[] renamed(byte[] tar, String from, String to) {
        byte[] altered = tar.clone();
        int at = find(tar, from);
        byte[] name = to.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(name, 0, altered, at, name.length);
        int header = at - at % 512;
        Arrays.fill(altered, header + 148, header + 156, (byte) ' ');
        long sum = 0;
        for (int i = header; i < header + 512; i++) {
            sum += altered[i] & 0xff;
        }
        byte[] digits = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, altered, header + 148, digits.length);
        return altered;
    }

    private static int find(byte[] tar, String name) {
        String text = new String(tar, StandardCharsets.ISO_8859_1);
        for (int header = 0; header < tar.length; header += 512) {
            if (text.startsWith(name + "\0", header)) {
                return header;
            }
        }
        throw new AssertionError(name + " is not in the bundle");
    }

    private static byte[] unzipped(byte[] archive) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(archive))) {
            return in.readAllBytes();
        }
    }

    private static byte[] zipped(byte[] tar) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(tar);
        }
        return out.toByteArray();
    }
}
