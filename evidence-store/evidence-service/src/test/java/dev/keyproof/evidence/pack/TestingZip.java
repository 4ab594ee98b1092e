package dev.keyproof.evidence.pack;

import dev.keyproof.verify.CanonicalZipWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipInputStream;

/** Takes a finished pack apart and puts it together again, as somebody would who bends it. */
final class TestingZip {
    private TestingZip() {}

    /** The pack with one file's content replaced; the zip around it is sound. */
    static byte[] with(byte[] pack, String name, byte[] content) throws IOException {
        CanonicalZipWriter writer = new CanonicalZipWriter();
        files(pack).forEach((file, old) -> writer.add(file, file.equals(name) ? content : old));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.writeTo(out);
        return out.toByteArray();
    }

    static byte[] file(byte[] pack, String name) throws IOException {
        return Objects.requireNonNull(files(pack).get(name));
    }

    static SortedMap<String, byte[]> files(byte[] pack) throws IOException {
        TreeMap<String, byte[]> files = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(pack))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        }
        return files;
    }
}
