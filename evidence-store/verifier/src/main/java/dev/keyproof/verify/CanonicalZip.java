package dev.keyproof.verify;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * A pack's zip, read strictly: every header is written again from name, content and offset and compared byte for byte, and
 * entries, directory and end record follow each other without a gap. What passes has exactly one possible form.
 */
final class CanonicalZip {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final SortedMap<String, MemorySegment> files;
    private final Faults faults;

    private CanonicalZip(SortedMap<String, MemorySegment> files, Faults faults) {
        this.faults = faults;
        this.files = Collections.unmodifiableSortedMap(files);
    }

    /** The names, sorted. */
    SortedMap<String, MemorySegment> files() {
        return files;
    }

    /**
     * A copy of a file's bytes.
     *
     * @throws BrokenPackException if there is no such file
     */
    byte[] bytes(String name) throws BrokenPackException {
        faults.reading(name);
        return content(name);
    }

    /** As {@link #bytes}, on any thread: it does not say which file is read. */
    byte[] content(String name) throws BrokenPackException {
        return at(name).toArray(ValueLayout.JAVA_BYTE);
    }

    /** The bytes where they lie. */
    MemorySegment segment(String name) throws BrokenPackException {
        faults.reading(name);
        return at(name);
    }

    private MemorySegment at(String name) throws BrokenPackException {
        MemorySegment content = files.get(name);
        if (content == null) {
            throw BrokenPackException.of(Reason.FILE_MISSING, name, "the pack has no such file");
        }
        return content;
    }

    /** Whether a file that is there holds exactly these bytes. */
    boolean holds(String name, CanonicalZipWriter.Content expected) throws BrokenPackException {
        MemorySegment content = segment(name);
        byte[] part = new byte[65_536];
        long at = 0;
        try (InputStream in = expected.open()) {
            for (int n = in.readNBytes(part, 0, part.length); n > 0; n = in.readNBytes(part, 0, part.length)) {
                if (at + n > content.byteSize()
                        || MemorySegment.mismatch(content, at, at + n, MemorySegment.ofArray(part), 0, n) >= 0) {
                    return false;
                }
                at += n;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("what was derived cannot be read back", e);
        }
        return at == content.byteSize();
    }

    boolean has(String name) {
        return files.containsKey(name);
    }

    /** Names under a folder, sorted. */
    List<String> under(String folder) {
        return List.copyOf(files.subMap(folder + "/", folder + "0").keySet());
    }

    /**
     * Reads the zip.
     *
     * @throws UnreadableException if nothing in the bytes says that they were ever a pack
     * @throws BrokenPackException at the first deviation from the form that cannot be read past
     */
    static CanonicalZip read(MemorySegment zip, Faults faults) throws UnreadableException, BrokenPackException {
        requirePack(zip);
        List<Central> directory = directory(zip);
        TreeMap<String, MemorySegment> files = new TreeMap<>();
        long offset = 0;
        String previous = "";
        for (Central central : directory) {
            String name = central.name;
            if (!ZipForm.isName(name)) {
                throw BrokenPackException.of(
                        Reason.ZIP_NAME, "zip directory record of " + printable(name), "not a name a pack may hold");
            }
            if (name.compareTo(previous) <= 0) {
                throw BrokenPackException.of(
                        Reason.ZIP_ORDER,
                        "zip directory record of " + name,
                        "names are not sorted, or one stands twice");
            }
            if (central.offset != offset) {
                throw BrokenPackException.of(
                        Reason.ZIP_GAP,
                        "zip directory record of " + name,
                        "the entry is said to begin at " + central.offset + ", but the one before ends at " + offset);
            }
            previous = name;
            MemorySegment content = content(zip, central, directory.getLast().end, faults);
            files.put(name, content);
            offset += ZipForm.LOCAL_FIXED + name.length() + content.byteSize();
        }
        if (offset != directory.getLast().start) {
            throw BrokenPackException.of(
                    Reason.ZIP_GAP, "zip directory", "bytes stand between the last entry and the directory");
        }
        return new CanonicalZip(files, faults);
    }

    /** One record of the directory; {@code start} and {@code end} are the whole directory's bounds. */
    private record Central(String name, long size, int crc, long offset, long at, long start, long end) {}

    private static void requirePack(MemorySegment zip) throws UnreadableException {
        boolean begins = zip.byteSize() >= ZipForm.LOCAL_FIXED && zip.get(INT, 0) == ZipForm.LOCAL_MAGIC;
        boolean ends = zip.byteSize() >= ZipForm.END_SIZE
                && zip.get(INT, zip.byteSize() - ZipForm.END_SIZE) == ZipForm.END_MAGIC;
        if (!begins && !ends) {
            throw new UnreadableException("not a pack: neither begins nor ends as a zip does");
        }
        if (!mentions(zip, "manifest.json")) {
            throw new UnreadableException("not a pack: a zip without manifest.json");
        }
    }

    private static boolean mentions(MemorySegment zip, String name) {
        byte[] wanted = name.getBytes(StandardCharsets.US_ASCII);
        byte first = wanted[0];
        for (long at = zip.byteSize() - wanted.length; at >= 0; at--) {
            if (zip.get(ValueLayout.JAVA_BYTE, at) == first
                    && MemorySegment.mismatch(
                                    zip, at, at + wanted.length, MemorySegment.ofArray(wanted), 0, wanted.length)
                            < 0) {
                return true;
            }
        }
        return false;
    }

    private static List<Central> directory(MemorySegment zip) throws BrokenPackException {
        long endAt = zip.byteSize() - ZipForm.END_SIZE;
        if (endAt < 0 || zip.get(INT, endAt) != ZipForm.END_MAGIC) {
            throw BrokenPackException.of(
                    Reason.ZIP_CUT_OFF,
                    "zip end",
                    "no end record in the last 22 bytes: cut off, appended to or altered");
        }
        int count = Short.toUnsignedInt(zip.get(SHORT, endAt + 10));
        long size = Integer.toUnsignedLong(zip.get(INT, endAt + 12));
        long start = Integer.toUnsignedLong(zip.get(INT, endAt + 16));
        long differs = mismatch(zip, endAt, ZipForm.end(count, size, start));
        if (differs >= 0 || start + size != endAt || count == 0) {
            throw BrokenPackException.of(
                    Reason.ZIP_END, "zip end", "the end record is not the one that its zip would have");
        }
        List<Central> records = new ArrayList<>(count);
        long at = start;
        String last = "none";
        for (int i = 0; i < count; i++) {
            String place = "zip directory record " + i + " (after " + last + ")";
            if (at + ZipForm.CENTRAL_FIXED > endAt || zip.get(INT, at) != ZipForm.CENTRAL_MAGIC) {
                throw BrokenPackException.of(
                        Reason.ZIP_DIRECTORY, place, "no record where one must begin, at byte " + at);
            }
            int nameLength = Short.toUnsignedInt(zip.get(SHORT, at + 28));
            if (at + ZipForm.CENTRAL_FIXED + nameLength > endAt) {
                throw BrokenPackException.of(Reason.ZIP_DIRECTORY, place, "the name runs past the directory");
            }
            String name = ascii(zip, at + ZipForm.CENTRAL_FIXED, nameLength);
            Central record = new Central(
                    name,
                    Integer.toUnsignedLong(zip.get(INT, at + 24)),
                    zip.get(INT, at + 16),
                    Integer.toUnsignedLong(zip.get(INT, at + 42)),
                    at,
                    start,
                    endAt);
            byte[] again = ZipForm.centralHeader(name, record.size, record.crc, record.offset);
            long wrong = mismatch(zip, at, again);
            if (wrong >= 0) {
                throw BrokenPackException.at(
                        Reason.ZIP_DIRECTORY,
                        "zip directory record of " + printable(name),
                        "byte " + (at + wrong),
                        "written again it would be another");
            }
            records.add(record);
            last = printable(name);
            at += again.length;
        }
        if (at != endAt) {
            throw BrokenPackException.of(
                    Reason.ZIP_DIRECTORY, "zip directory", "bytes stand between the directory and the end record");
        }
        return records;
    }

    private static MemorySegment content(MemorySegment zip, Central central, long limit, Faults faults)
            throws BrokenPackException {
        String name = central.name;
        String header = "zip header of " + name;
        long at = central.offset;
        long dataAt = at + ZipForm.LOCAL_FIXED + name.length();
        if (dataAt + central.size > Math.min(central.start, limit)) {
            throw BrokenPackException.of(
                    Reason.ZIP_GAP,
                    "zip directory record of " + name,
                    "the entry would run into the directory: its size is altered");
        }
        byte[] expected = ZipForm.localHeader(name, central.size, central.crc);
        long differs = mismatch(zip, at, expected);
        MemorySegment content = zip.asSlice(dataAt, central.size);
        int crc = crc(content);
        if (differs < 0 && crc == central.crc) {
            return content;
        }
        if (differs < 0) {
            faults.report(Fault.of(Reason.ZIP_CRC, name, "the content is not the one packed: its CRC-32 differs"));
        } else if (mismatch(zip, at, ZipForm.localHeader(name, central.size, crc)) < 0) {
            faults.report(
                    Fault.of(Reason.ZIP_CRC, "zip directory record of " + name, "its CRC-32 is not the content's"));
        } else {
            throw BrokenPackException.at(
                    Reason.ZIP_HEADER, header, "byte " + (at + differs), "header, directory and content do not agree");
        }
        return content;
    }

    private static int crc(MemorySegment content) {
        CRC32 crc = new CRC32();
        crc.update(content.asByteBuffer());
        return (int) crc.getValue();
    }

    /** Offset of the first byte at which the zip differs from what is expected there, or -1. */
    private static long mismatch(MemorySegment zip, long at, byte[] expected) {
        return MemorySegment.mismatch(
                zip, at, at + expected.length, MemorySegment.ofArray(expected), 0, expected.length);
    }

    private static String ascii(MemorySegment zip, long at, int length) {
        // Latin-1 keeps one character a byte, so that a high bit is seen and refused.
        return new String(zip.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
    }

    private static String printable(String name) {
        return name.chars()
                .limit(80)
                .mapToObj(c -> c > 32 && c < 127 ? Character.toString(c) : "?")
                .collect(java.util.stream.Collectors.joining());
    }
}
