package dev.keyproof.stream.detect;

/**
 * How many in the last window of event time, in slots of a tenth of it. Takes what comes out of order within the window; what is
 * older than the window is not counted. A Flink POJO, so public and mutable by Flink's contract.
 */
public final class SlidingCount {
    static final int SLOTS = 10;
    private static final int MAX_NAMES = 8;

    /** The slot number that each place of the ring holds; -1 none. */
    public long[] slots = new long[SLOTS];

    public int[] counts = new int[SLOTS];
    /** The newest slot seen. */
    public long newest = Long.MIN_VALUE;
    /** Event time up to which the crossing that was told of goes on; {@link Long#MIN_VALUE} if none does. */
    public long toldUntil = Long.MIN_VALUE;
    /** Who took part, the first few. */
    public String[] names = new String[0];

    public SlidingCount() {
        java.util.Arrays.fill(slots, Long.MIN_VALUE);
    }

    /** What the window holds after an addition. */
    record Window(int count, long start, boolean crossed) {}

    /**
     * Adds {@code count} at {@code time} and tells whether the window now, and for the first time in this crossing, holds more
     * than {@code limit}. A crossing ends when the stream of additions has been at or below the limit for a whole window.
     */
    Window add(long time, int count, String name, long windowMs, int limit) {
        long width = Math.max(1, windowMs / SLOTS);
        long slot = Math.floorDiv(time, width);
        if (newest != Long.MIN_VALUE && slot <= newest - SLOTS) {
            return new Window(0, time, false);
        }
        if (newest == Long.MIN_VALUE || slot >= newest + SLOTS) {
            names = new String[0];
        }
        newest = Math.max(newest, slot);
        int place = (int) Math.floorMod(slot, (long) SLOTS);
        if (slots[place] != slot) {
            slots[place] = slot;
            counts[place] = 0;
        }
        counts[place] += count;
        remember(name);

        int sum = 0;
        long first = slot;
        for (int i = 0; i < SLOTS; i++) {
            if (slots[i] > newest - SLOTS && slots[i] != Long.MIN_VALUE) {
                sum += counts[i];
                first = Math.min(first, slots[i]);
            }
        }
        boolean over = sum > limit;
        boolean crossed = over && time > toldUntil;
        if (over) {
            toldUntil = Math.max(toldUntil, time + windowMs);
        }
        return new Window(sum, first * width, crossed);
    }

    private void remember(String name) {
        if (name.isEmpty() || names.length >= MAX_NAMES) {
            return;
        }
        for (String known : names) {
            if (known.equals(name)) {
                return;
            }
        }
        names = java.util.Arrays.copyOf(names, names.length + 1);
        names[names.length - 1] = name;
    }
}
