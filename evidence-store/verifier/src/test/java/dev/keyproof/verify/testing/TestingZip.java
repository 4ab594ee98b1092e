package dev.keyproof.verify.testing;

import dev.keyproof.verify.CanonicalZipWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipInputStream;

/** Takes a finished pack apart and puts it together again, as somebody would who bends it. */
public final class TestingZip {
    private TestingZip() {}

    /** The pack with one file's content replaced, or added; the zip around it is sound. */
    public static byte[] with(byte[] pack, String name, byte[] content) throws IOException {
        SortedMap<String, byte[]> files = files(pack);
        files.put(name, content);
        return zip(files);
    }

    /** A sound zip of these files. */
    public static byte[] zip(SortedMap<String, byte[]> files) throws IOException {
        CanonicalZipWriter writer = new CanonicalZipWriter();
        files.forEach(writer::add);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.writeTo(out);
        return out.toByteArray();
    }

    /** One file's content. */
    public static byte[] file(byte[] pack, String name) throws IOException {
        return Objects.requireNonNull(files(pack).get(name));
    }

    /** All files, by name. */
    public static SortedMap<String, byte[]> files(byte[] pack) throws IOException {
        TreeMap<String, byte[]> files = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(pack))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        }
        return files;
    }
}
