package dev.keyproof.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** An archive whose files are the same is the same archive. */
final class TarReaderTest {
    private static final byte[] ARCHIVE = archive();

    private static byte[] archive() {
        try {
            return TarWriter.archive(new TreeMap<>(Map.of("data.json", "{}".getBytes(StandardCharsets.UTF_8))));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] with(int at, int value) {
        byte[] changed = ARCHIVE.clone();
        changed[at] = (byte) value;
        return changed;
    }

    @Test
    void whatWeWriteIsRead() throws Exception {
        assertThat(TarReader.files(ARCHIVE)).containsOnlyKeys("data.json");
    }

    @Test
    void nothingFollowsIt() {
        for (int more : new int[] {1, 8, 600}) {
            assertThatThrownBy(() -> TarReader.files(Arrays.copyOf(ARCHIVE, ARCHIVE.length + more)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("more behind its end");
        }
    }

    @Test
    void noSecondMemberFollowsIt() throws Exception {
        ByteArrayOutputStream two = new ByteArrayOutputStream();
        two.write(ARCHIVE);
        try (GZIPOutputStream second = new GZIPOutputStream(two)) {
            second.write(new byte[1024]);
        }

        assertThatThrownBy(() -> TarReader.files(two.toByteArray())).hasMessage("more behind its end");
    }

    @Test
    void itsCompressionStatesNothingElse() {
        for (int at = 3; at < 8; at++) {
            int place = at;
            assertThatThrownBy(() -> TarReader.files(with(place, 1)))
                    .hasMessage("its compression states a name, a comment or a time");
        }
        assertThatThrownBy(() -> TarReader.files(with(0, 0))).hasMessage("not a gzip archive");
        assertThatThrownBy(() -> TarReader.files(new byte[0])).hasMessage("not a gzip archive");
        assertThatThrownBy(() -> TarReader.files(Arrays.copyOf(ARCHIVE, ARCHIVE.length - 9)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aSizeIsOctalDigitsAlone() throws Exception {
        byte[] tar = new GZIPInputStream(new ByteArrayInputStream(ARCHIVE)).readAllBytes();
        byte[] size = "-0000000001".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(size, 0, tar, 124, size.length);
        Arrays.fill(tar, 148, 156, (byte) ' ');
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += tar[i] & 0xff;
        }
        byte[] checked = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(checked, 0, tar, 148, checked.length);
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(again)) {
            gzip.write(tar);
        }

        assertThatThrownBy(() -> TarReader.files(again.toByteArray()))
                .isInstanceOf(IOException.class)
                .hasMessage("a header field that is not a number");
    }
}
