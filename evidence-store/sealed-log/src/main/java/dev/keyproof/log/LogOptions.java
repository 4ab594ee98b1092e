package dev.keyproof.log;

/**
 * How a log uses memory and disk.
 *
 * @param preallocateBytes disk space taken ahead of what is written; at least 256 KiB
 * @param batchBytes most that one commit writes, and most that one append may hold; at least 256 KiB
 * @param immutable true to set the file system's immutable flag on sealed segments, where that is permitted; {@link
 *     dev.keyproof.log.sealed.SealedLog#release} takes it off again
 */
public record LogOptions(int preallocateBytes, int batchBytes, boolean immutable) {
    /** Long enough for a second of full speed, so that growing the file is seldom waited for. */
    public static final int PREALLOCATE_BYTES = 32 << 20;
    /** Larger commits are no faster and only wait longer. */
    public static final int BATCH_BYTES = 4 << 20;

    private static final int LEAST = 256 << 10;

    public static final LogOptions DEFAULTS = new LogOptions(PREALLOCATE_BYTES, BATCH_BYTES);

    /** Sealed segments are not made immutable. */
    public LogOptions(int preallocateBytes, int batchBytes) {
        this(preallocateBytes, batchBytes, false);
    }

    public LogOptions {
        if (preallocateBytes < LEAST || batchBytes < LEAST) {
            throw new IllegalArgumentException("preallocateBytes and batchBytes are at least " + LEAST);
        }
    }

    public LogOptions withImmutable(boolean set) {
        return new LogOptions(preallocateBytes, batchBytes, set);
    }
}
