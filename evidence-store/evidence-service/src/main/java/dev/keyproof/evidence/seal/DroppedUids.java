package dev.keyproof.evidence.seal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.stream.LongStream;

/**
 * Which uids the logs of dropped years held: the first eight bytes of each one's SHA-256. That two share them is less likely than that a
 * disk fails, and whoever seeks such a uid could as well take one that is there. Immutable.
 */
final class DroppedUids {
    static final DroppedUids NONE = new DroppedUids(new long[0]);

    private final long[] sorted;

    private DroppedUids(long[] sorted) {
        this.sorted = sorted;
    }

    /** Reads what {@link #base64} wrote. */
    static DroppedUids parse(String base64) {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64));
        long[] sorted = new long[bytes.remaining() / Long.BYTES];
        bytes.asLongBuffer().get(sorted);
        return new DroppedUids(sorted);
    }

    String base64() {
        ByteBuffer bytes = ByteBuffer.allocate(sorted.length * Long.BYTES);
        bytes.asLongBuffer().put(sorted);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /** These and others. */
    DroppedUids with(Collection<String> uids) {
        return new DroppedUids(
                LongStream.concat(Arrays.stream(sorted), uids.stream().mapToLong(DroppedUids::digest))
                        .sorted()
                        .distinct()
                        .toArray());
    }

    boolean contains(String uid) {
        return sorted.length > 0 && Arrays.binarySearch(sorted, digest(uid)) >= 0;
    }

    private static long digest(String uid) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(uid.getBytes(StandardCharsets.UTF_8)))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a Java without SHA-256", e);
        }
    }
}
