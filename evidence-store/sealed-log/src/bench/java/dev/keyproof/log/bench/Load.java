package dev.keyproof.log.bench;

import dev.keyproof.log.EntryRange;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.sealed.SealedLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Ways to append to a log, each append one entry. */
final class Load {
    static final String ORIGIN = "keyproof/log/bench";
    private static final int CALLERS = 64;
    private static final byte[] NO_POSITIONS = {};

    /** Records per second and the sizes of the commits that made them durable. */
    record Run(double rate, List<Integer> batches) {}

    /** What each call took, sorted, and the calls per second of all callers. */
    record Calls(double rate, long[] nanos) {
        double millis(double quantile) {
            return nanos[(int) (nanos.length * quantile)] / 1e6;
        }
    }

    private Load() {}

    /** One caller that never waits for the disk, only for room in the log's queue. */
    static Run pipelined(Path dir, int bytes, int most, long nanos) throws Exception {
        byte[][] records = records(bytes);
        List<Long> sizes = new ArrayList<>();
        try (SealedLog log = SealedLog.open(dir, ORIGIN, LogOptions.DEFAULTS)) {
            CompletableFuture<EntryRange> last = CompletableFuture.completedFuture(new EntryRange(0, 0));
            long start = System.nanoTime();
            int count = 0;
            while (count < most && System.nanoTime() - start < nanos) {
                last = log.append(List.of(records[count % records.length]), NO_POSITIONS);
                count++;
                note(sizes, log.size());
            }
            while (!last.isDone()) {
                note(sizes, log.size());
                Thread.onSpinWait();
            }
            last.get();
            double rate = count * 1e9 / (System.nanoTime() - start);
            note(sizes, log.size());
            return new Run(rate, batches(sizes));
        }
    }

    /** The log shows the end of a commit once it is durable; a commit that nobody saw end counts with the next. */
    private static void note(List<Long> sizes, long size) {
        if (size > 0 && (sizes.isEmpty() || sizes.getLast() != size)) {
            sizes.add(size);
        }
    }

    private static List<Integer> batches(List<Long> sizes) {
        List<Integer> batches = new ArrayList<>();
        long before = 0;
        for (long size : sizes) {
            batches.add((int) (size - before));
            before = size;
        }
        return batches;
    }

    /** Callers that each wait for the disk. */
    static Calls callers(Path dir, int bytes, long forNanos) throws Exception {
        byte[][] records = records(bytes);
        List<Future<long[]>> running = new ArrayList<>();
        try (SealedLog log = SealedLog.open(dir, ORIGIN, LogOptions.DEFAULTS);
                ExecutorService threads = Executors.newFixedThreadPool(CALLERS)) {
            long start = System.nanoTime();
            for (int caller = 0; caller < CALLERS; caller++) {
                byte[] record = records[caller % records.length];
                Callable<long[]> calls = () -> call(log, record, start + forNanos);
                running.add(threads.submit(calls));
            }
            List<long[]> all = new ArrayList<>();
            for (Future<long[]> caller : running) {
                all.add(caller.get());
            }
            long[] nanos = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
            return new Calls(nanos.length * 1e9 / (System.nanoTime() - start), nanos);
        }
    }

    private static long[] call(SealedLog log, byte[] record, long until)
            throws InterruptedException, ExecutionException {
        long[] nanos = new long[1024];
        int count = 0;
        long before = System.nanoTime();
        while (before < until) {
            log.append(List.of(record), NO_POSITIONS).get();
            long after = System.nanoTime();
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * count);
            }
            nanos[count] = after - before;
            count++;
            before = after;
        }
        return Arrays.copyOf(nanos, count);
    }

    static byte[][] records(int bytes) {
        byte[][] records = new byte[256][bytes];
        Random random = new Random(6962);
        for (byte[] record : records) {
            random.nextBytes(record);
        }
        return records;
    }
}
