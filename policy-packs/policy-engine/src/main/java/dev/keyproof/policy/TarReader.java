package dev.keyproof.policy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;

/** Reads the gzipped ustar archives that {@code opa build} writes: plain files only, every header checked. */
final class TarReader {
    private static final int BLOCK = 512;
    private static final int HEAD = 10;
    private static final int TRAILER = 8;

    /** No bundle of ours comes near; what does is not a bundle. */
    private static final long LARGEST = 64L << 20;

    private TarReader() {}

    static Map<String, byte[]> files(byte[] archive) throws IOException {
        requirePlain(archive);
        Map<String, byte[]> files = new LinkedHashMap<>();
        long total = 0;
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(archive))) {
            byte[] header = block(in);
            while (!isZero(header)) {
                checkSum(header);
                long size = octal(header, 124, 12);
                total += size;
                if (total > LARGEST) {
                    throw new IOException("larger than " + LARGEST + " bytes when unpacked");
                }
                if (header[156] != '0' && header[156] != 0) {
                    throw new IOException("an entry that is not a plain file: " + name(header));
                }
                byte[] content = in.readNBytes((int) size);
                if (content.length < size) {
                    throw new EOFException("ends inside " + name(header));
                }
                in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
                if (files.put(name(header), content) != null) {
                    throw new IOException("the file " + name(header) + " twice");
                }
                header = block(in);
            }
            // To the end, so that the checksum of the compression is verified, and nothing hides behind it.
            for (byte[] rest = in.readNBytes(BLOCK); rest.length > 0; rest = in.readNBytes(BLOCK)) {
                if (!isZero(rest)) {
                    throw new IOException("more behind its end");
                }
            }
        }
        return files;
    }

    /**
     * One member, and nothing in it or behind it that could be other while the files are the same: the digest of an archive names what was
     * signed, and whoever holds no key makes no other of it (RFC 1952).
     */
    private static void requirePlain(byte[] archive) throws IOException {
        boolean begins = archive.length > HEAD + TRAILER
                && (archive[0] & 0xff) == 0x1f
                && (archive[1] & 0xff) == 0x8b
                && archive[2] == Deflater.DEFLATED;
        if (!begins) {
            throw new IOException("not a gzip archive");
        }
        for (int i = 3; i < 8; i++) {
            if (archive[i] != 0) {
                throw new IOException("its compression states a name, a comment or a time");
            }
        }
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(archive, HEAD, archive.length - HEAD);
            byte[] out = new byte[1 << 16];
            for (long total = 0; !inflater.finished() && total <= LARGEST; ) {
                int n = inflater.inflate(out);
                if (n == 0 && !inflater.finished()) {
                    throw new EOFException("ends inside its compression");
                }
                total += n;
            }
            if (inflater.finished() && inflater.getRemaining() != TRAILER) {
                throw new IOException("more behind its end");
            }
        } catch (DataFormatException e) {
            throw new IOException("not compressed as it says: " + e.getMessage(), e);
        } finally {
            inflater.end();
        }
    }

    private static byte[] block(InputStream in) throws IOException {
        byte[] block = in.readNBytes(BLOCK);
        if (block.length < BLOCK) {
            throw new EOFException("ends before its last block");
        }
        return block;
    }

    private static boolean isZero(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static void checkSum(byte[] header) throws IOException {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
        }
        if (sum != octal(header, 148, 8)) {
            throw new IOException("a header with a wrong checksum");
        }
    }

    private static long octal(byte[] header, int from, int length) throws IOException {
        String digits = text(header, from, length).strip();
        if (!digits.chars().allMatch(digit -> digit >= '0' && digit <= '7')) {
            throw new IOException("a header field that is not a number");
        }
        try {
            return Long.parseLong(digits, 8);
        } catch (NumberFormatException e) {
            throw new IOException("a header field that is not a number", e);
        }
    }

    /** The path without a leading slash. */
    private static String name(byte[] header) {
        String prefix = text(header, 345, 155);
        String name = text(header, 0, 100);
        String path = prefix.isEmpty() ? name : prefix + "/" + name;
        return path.startsWith("/") ? path.substring(1) : path;
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.UTF_8);
    }
}
