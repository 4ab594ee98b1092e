package dev.keyproof.evidence.seal;

import dev.keyproof.evidence.store.EvidenceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** The bundles in force: policy bundles as they are, and data documents, each in a bundle of its own. */
public final class PolicyFiles {
    private static final int BLOCK = 512;

    private final List<Path> bundles;
    private final List<Path> dataDocuments;
    private final Map<Path, String> seen = new HashMap<>();

    /** None of them read yet. */
    public PolicyFiles(List<Path> bundles, List<Path> dataDocuments) {
        this.bundles = List.copyOf(bundles);
        this.dataDocuments = List.copyOf(dataDocuments);
    }

    /**
     * Those that are others than when they were read last: a policy may be changed while everything runs, and what it decides from then on
     * is proven by it.
     *
     * @throws EvidenceException if one cannot be read; all are read again the next time
     */
    List<byte[]> changed() throws EvidenceException {
        List<byte[]> changed = new ArrayList<>();
        try {
            for (Path bundle : bundles) {
                if (isOther(bundle)) {
                    changed.add(Files.readAllBytes(bundle));
                }
            }
            for (Path data : dataDocuments) {
                if (isOther(data)) {
                    changed.add(bundle(Files.readAllBytes(data)));
                }
            }
            return changed;
        } catch (IOException e) {
            seen.clear();
            throw new EvidenceException("a policy file cannot be read: " + e.getMessage(), e);
        }
    }

    /** Where the data in force stands now: in the data documents, where there are any, for they are in place of what the bundles say. */
    public List<byte[]> data() throws EvidenceException {
        return new PolicyFiles(dataDocuments.isEmpty() ? bundles : List.of(), dataDocuments).changed();
    }

    private boolean isOther(Path file) throws IOException {
        String stamp = Files.getLastModifiedTime(file) + " " + Files.size(file);
        return !stamp.equals(seen.put(file, stamp));
    }

    /** The same document gives the same bytes: ustar without owner and time, gzip without name and time. */
    public static byte[] bundle(byte[] data) throws IOException {
        byte[] header = new byte[BLOCK];
        put(header, 0, "data.json");
        put(header, 100, "0000644\0");
        put(header, 108, "0000000\0");
        put(header, 116, "0000000\0");
        put(header, 124, String.format("%011o\0", data.length));
        put(header, 136, "00000000000\0");
        put(header, 148, "        ");
        put(header, 156, "0");
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, 148, String.format("%06o\0 ", sum));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(header);
            gzip.write(Arrays.copyOf(data, (data.length + BLOCK - 1) / BLOCK * BLOCK));
            gzip.write(new byte[2 * BLOCK]);
        }
        return out.toByteArray();
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
