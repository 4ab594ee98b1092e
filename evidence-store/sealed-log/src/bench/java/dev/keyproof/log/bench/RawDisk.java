package dev.keyproof.log.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** What the disk gives to one thread that only writes and waits: the bound that the log is held against. */
final class RawDisk {
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
