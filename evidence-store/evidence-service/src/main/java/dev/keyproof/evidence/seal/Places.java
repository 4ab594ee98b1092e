package dev.keyproof.evidence.seal;

import dev.keyproof.log.merkle.Hash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is sealed at each place of each source: half of the leaf's hash, in a file that is made anew from the log at each start and goes
 * with the process. In memory is one number for 256 places, so neither a long year nor a stranger's huge sequence costs much. Used by
 * the sealing thread alone.
 */
public final class Places implements AutoCloseable {
    /** Blocks that a source whose records lie far apart may have: 16,384 of 256 places each, more than a large file of an origin needs. */
    static final int MOST_SCATTERED = 16_384;

    /** With so many records in each block on average they are not scattered, and their number has no bound. */
    private static final int DENSE = 4;

    private static final int PLACES = 256;
    private static final int CELL = Hash.LENGTH / 2;
    private static final int BLOCK = PLACES * CELL;

    private final FileChannel file;
    private final ByteBuffer cell = ByteBuffer.allocateDirect(CELL);
    private int blocks;

    private Places(FileChannel file) {
        this.file = file;
    }

    /** Begins with nothing, whatever a file of that name held. */
    public static Places open(Path path) throws IOException {
        Files.createDirectories(path.resolveSibling("."));
        return new Places(FileChannel.open(
                path,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE));
    }

    /** The places of one more source. */
    Source source() {
        return new Source();
    }

    /** Those of one source. */
    final class Source {
        /** Where in the file each block of places begins. */
        private final TreeMap<Long, Long> begins = new TreeMap<>();

        private long count;
        private long end;

        /** How many are taken. */
        long count() {
            return count;
        }

        /** The place after the last that is taken. */
        long end() {
            return end;
        }

        /** False if the source's records lie so far apart that one more is not kept account of. */
        boolean hasRoomFor(long place) {
            return begins.containsKey(place / PLACES)
                    || begins.size() < MOST_SCATTERED
                    || count >= (long) DENSE * begins.size();
        }

        boolean has(long place) {
            return !isFree(read(place));
        }

        /** Whether that leaf, and no other, is there. */
        boolean holds(long place, Hash leaf) {
            return Arrays.equals(read(place), half(leaf));
        }

        /** Takes a place that is free. */
        void put(long place, Hash leaf) {
            long begin = begins.computeIfAbsent(place / PLACES, block -> (long) BLOCK * blocks++);
            try {
                cell.clear().put(half(leaf)).flip();
                for (long at = begin + at(place); cell.hasRemaining(); ) {
                    at += file.write(cell, at);
                }
                count++;
                end = Math.max(end, place + 1);
            } catch (IOException e) {
                throw new UncheckedIOException("the index of places cannot be written", e);
            }
        }

        /** The first that is taken from {@code place} on. */
        long firstFrom(long place) {
            for (Map.Entry<Long, Long> block :
                    begins.tailMap(place / PLACES, true).entrySet()) {
                long first = block.getKey() * PLACES;
                for (int i = (int) Math.max(0, place - first); i < PLACES; i++) {
                    if (has(first + i)) {
                        return first + i;
                    }
                }
            }
            throw new IllegalStateException("nothing is there from " + place + " on");
        }

        private byte[] read(long place) {
            byte[] there = new byte[CELL];
            Long begin = begins.get(place / PLACES);
            if (begin == null) {
                return there;
            }
            try {
                cell.clear();
                for (long at = begin + at(place); cell.hasRemaining(); ) {
                    int read = file.read(cell, at);
                    if (read < 0) {
                        // The block's last places were never written, and so the file ends before them.
                        return there;
                    }
                    at += read;
                }
                cell.flip().get(there);
                return there;
            } catch (IOException e) {
                throw new UncheckedIOException("the index of places cannot be read", e);
            }
        }

        private static long at(long place) {
            return place % PLACES * CELL;
        }

        private static byte[] half(Hash leaf) {
            return Arrays.copyOf(leaf.bytes(), CELL);
        }

        private static boolean isFree(byte[] cell) {
            for (byte one : cell) {
                if (one != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
