package dev.keyproof.log.bench;

import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.TreeHasher;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What the disk gives to one thread that only writes and waits: the bound that the log is held against. */
final class RawDisk {
    private static final int PER_TILE = 256;
    private static final int HASH = 32;
    private static final int BATCHES_AHEAD = 4;

    private RawDisk() {}

    /** Records per second, each batch one write and one fdatasync into a file that has its blocks already. */
    static double recordsPerSecond(Path dir, List<Integer> batches, int recordBytes) throws IOException {
        Path file = dir.resolve("raw");
        long records = batches.stream().mapToLong(Integer::longValue).sum();
        int largest = batches.stream().mapToInt(Integer::intValue).max().orElse(1);
        ByteBuffer bytes = ByteBuffer.allocateDirect(largest * recordBytes);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            preallocate(channel, records * recordBytes);
            while (bytes.hasRemaining()) {
                bytes.put((byte) 'r');
            }
            long start = System.nanoTime();
            long at = 0;
            for (int batch : batches) {
                bytes.clear().limit(batch * recordBytes);
                at += write(channel, bytes, at);
                channel.force(false);
            }
            return records * 1e9 / (System.nanoTime() - start);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /**
     * Records per second of the same loop if each record is hashed as well, on as many threads as there are cores, a few batches ahead of
     * the one that is written: the bound of any log that has a tree.
     */
    static double hashedPerSecond(Path dir, List<Integer> batches, byte[][] records) throws Exception {
        Path file = dir.resolve("raw-hashed");
        long count = batches.stream().mapToLong(Integer::longValue).sum();
        int bytes = records[0].length;
        int largest = batches.stream().mapToInt(Integer::intValue).max().orElse(1);
        ByteBuffer batch = ByteBuffer.allocateDirect(largest * bytes);
        int threads = Runtime.getRuntime().availableProcessors();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            preallocate(channel, count * bytes);
            long start = System.nanoTime();
            Deque<List<Future<Hash>>> ahead = new ArrayDeque<>();
            int next = 0;
            long at = 0;
            for (int size : batches) {
                for (; next < batches.size() && ahead.size() <= BATCHES_AHEAD; next++) {
                    ahead.add(hash(pool, records, batches.get(next), threads));
                }
                for (Future<Hash> part : ahead.remove()) {
                    part.get();
                }
                batch.clear().limit(size * bytes);
                at += write(channel, batch, at);
                channel.force(false);
            }
            return count * 1e9 / (System.nanoTime() - start);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static List<Future<Hash>> hash(ExecutorService pool, byte[][] records, int count, int parts) {
        List<Future<Hash>> all = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            int from = (int) ((long) count * part / parts);
            int to = (int) ((long) count * (part + 1) / parts);
            all.add(pool.submit(() -> {
                TreeHasher hasher = new TreeHasher();
                byte[] last = new byte[HASH];
                for (int i = from; i < to; i++) {
                    byte[] record = records[i % records.length];
                    hasher.leaf(record, 0, record.length, last, 0);
                }
                return Hash.of(last);
            }));
        }
        return all;
    }

    /** Records per second of the layout that has a file for each bundle and each tile, all of them forced. */
    static double filePerTile(Path dir, int records, int recordBytes) throws IOException {
        Path folder = Files.createDirectory(dir.resolve("file-per-tile"));
        ByteBuffer bundle = ByteBuffer.allocateDirect(PER_TILE * recordBytes);
        ByteBuffer tile = ByteBuffer.allocateDirect(PER_TILE * HASH);
        long start = System.nanoTime();
        for (int i = 0; i < records / PER_TILE; i++) {
            forced(folder.resolve("entries-" + i), bundle.clear());
            forced(folder.resolve("tile-" + i), tile.clear());
        }
        return records / PER_TILE * PER_TILE * 1e9 / (System.nanoTime() - start);
    }

    private static void forced(Path file, ByteBuffer bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            write(channel, bytes, 0);
            channel.force(true);
        }
    }

    private static void preallocate(FileChannel channel, long length) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(4 << 20);
        for (long at = 0; at < length; at += zeros.capacity()) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), length - at));
            write(channel, zeros, at);
        }
        channel.force(true);
    }

    private static long write(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
        long written = 0;
        while (bytes.hasRemaining()) {
            written += channel.write(bytes, at + written);
        }
        return written;
    }
}
