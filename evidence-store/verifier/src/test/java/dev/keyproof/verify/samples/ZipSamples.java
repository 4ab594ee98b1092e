package dev.keyproof.verify.samples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.keyproof.verify.Reason;
import dev.keyproof.verify.testing.TestingZip;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/** Finished packs, altered as files. */
final class ZipSamples {
    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END_SIZE = 22;
    /** Of the directory, in the end record. */
    private static final int START = 16;

    private static final int TIME_IN_LOCAL = 10;
    private static final int TIME_IN_CENTRAL = 12;

    private final Samples samples;
    private final byte[] pack;

    ZipSamples(Samples samples) {
        this.samples = samples;
        this.pack = samples.sound();
    }

    List<Sample> all() {
        return List.of(
                truncated(),
                endRecordAltered(),
                directoryAltered(),
                hiddenName(),
                reordered(),
                byteBetween(),
                headerAltered(),
                contentAltered(),
                fileTakenOut(),
                filePutIn(),
                fileReplaced(),
                fileThatReadersChokeOn());
    }

    private Sample truncated() {
        return samples.of(
                Reason.ZIP_CUT_OFF,
                Arrays.copyOf(pack, pack.length - 40),
                "zip end: no end record in the last 22 bytes: cut off, appended to or altered");
    }

    private Sample endRecordAltered() {
        return flipped(
                Reason.ZIP_END, pack.length - 5, "zip end: the end record is not the one that its zip would have");
    }

    private Sample directoryAltered() {
        int at = directory(pack) + TIME_IN_CENTRAL;
        return flipped(
                Reason.ZIP_DIRECTORY,
                at,
                "zip directory record of NOT-PROVEN.md, byte " + at + ": written again it would be another");
    }

    private Sample hiddenName() {
        return samples.of(
                Reason.ZIP_NAME,
                renamed("VERIFY.md", ".ERIFY.md"),
                "zip directory record of .ERIFY.md: not a name a pack may hold");
    }

    private Sample reordered() {
        return samples.of(
                Reason.ZIP_ORDER,
                renamed("VERIFY.md", "AERIFY.md"),
                "zip directory record of AERIFY.md: names are not sorted, or one stands twice");
    }

    private Sample byteBetween() {
        int start = directory(pack);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(pack, 0, start);
        out.write(0);
        out.write(pack, start, pack.length - start);
        byte[] longer = out.toByteArray();
        little(longer).putInt(longer.length - END_SIZE + START, start + 1);
        return samples.of(
                Reason.ZIP_GAP, longer, "zip directory: bytes stand between the last entry and the directory");
    }

    private Sample headerAltered() {
        return flipped(
                Reason.ZIP_HEADER,
                TIME_IN_LOCAL,
                "zip header of NOT-PROVEN.md, byte 10: header, directory and content do not agree");
    }

    private Sample contentAltered() {
        return flipped(
                Reason.ZIP_CRC,
                new String(pack, ISO_8859_1).indexOf("What is not "),
                "NOT-PROVEN.md: the content is not the one packed: its CRC-32 differs");
    }

    private Sample fileTakenOut() {
        return files(
                Reason.FILE_MISSING,
                "NOT-PROVEN.md: is listed in manifest.json and not there",
                files -> files.remove("NOT-PROVEN.md"));
    }

    private Sample filePutIn() {
        return files(
                Reason.FILE_NOT_LISTED,
                "ALSO.md: is not listed in manifest.json",
                files -> files.put("ALSO.md", new byte[1]));
    }

    private Sample fileReplaced() {
        return files(
                Reason.FILE_ALTERED,
                "NOT-PROVEN.md: is not the file that manifest.json lists",
                files -> files.put("NOT-PROVEN.md", Samples.bytes("Nothing.\n")));
    }

    /** An archive whose first file is said to be one byte shorter than nothing. */
    private Sample fileThatReadersChokeOn() {
        byte[] tar = new byte[1024];
        System.arraycopy(Samples.bytes("data.json"), 0, tar, 0, 9);
        System.arraycopy(Samples.bytes("-0000000001"), 0, tar, 124, 11);
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bundle)) {
            gzip.write(tar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return samples.bent(
                Reason.UNREADABLE,
                "policy/0.tar.gz: holds something that cannot be read: IllegalArgumentException",
                files -> files.put("policy/0.tar.gz", bundle.toByteArray()));
    }

    private Sample flipped(Reason reason, int at, String says) {
        byte[] bent = pack.clone();
        bent[at] ^= 1;
        return samples.of(reason, bent, says);
    }

    /** Other files in a sound zip. */
    private Sample files(Reason reason, String says, Consumer<SortedMap<String, byte[]>> bend) {
        try {
            SortedMap<String, byte[]> files = TestingZip.files(pack);
            bend.accept(files);
            return samples.of(reason, TestingZip.zip(files), says);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file under another name in its header and in the directory. */
    private byte[] renamed(String from, String to) {
        byte[] bent = pack.clone();
        String text = new String(pack, ISO_8859_1);
        for (int at = text.indexOf(from); at >= 0; at = text.indexOf(from, at + 1)) {
            boolean header = at >= 30 && little(bent).getInt(at - 30) == LOCAL;
            if (header || (at >= 46 && little(bent).getInt(at - 46) == CENTRAL)) {
                System.arraycopy(Samples.bytes(to), 0, bent, at, to.length());
            }
        }
        return bent;
    }

    private static int directory(byte[] zip) {
        return little(zip).getInt(zip.length - END_SIZE + START);
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
