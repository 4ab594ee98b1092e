package dev.keyproof.log.bench;

import dev.keyproof.log.EntryRange;
import dev.keyproof.log.FsckReport;
import dev.keyproof.log.LogException;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.sealed.SealedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Appends in a row without waiting, appends by 64 callers that each wait for the disk, and the check of what was written. Every append
 * holds one entry. The pipelined rows are held against {@link RawDisk} with the batch sizes that the log itself made, in turns. Prints
 * one line of JSON at the end.
 */
public final class LogBench {
    private static final int ROUNDS = 3;
    private static final int KIB_2 = 2048;
    private static final int BYTES_500 = 500;
    private static final int CALLERS = 64;
    private static final long PIPELINED_NANOS = 2_000_000_000L;
    private static final long CALLERS_NANOS = 4_000_000_000L;
    /** Ends a pipelined run early on a fast disk, so that the check afterwards stays short. */
    private static final int MOST_RECORDS = 150_000;

    private static final String ORIGIN = "keyproof/log/bench";

    /** Records per second and the sizes of the commits that made them durable. */
    private record Run(double rate, List<Integer> batches) {}

    private LogBench() {}

    public static void main(String[] arguments) throws Exception {
        Path target = Path.of("target");
        Path dir = Files.isDirectory(target)
                ? Files.createTempDirectory(target, "log-bench")
                : Files.createTempDirectory("log-bench");
        try {
            pipelined(dir.resolve("warm-up"), KIB_2, PIPELINED_NANOS);
            List<String> rows = new ArrayList<>();
            rows.add(pipelinedRow(dir, "append-pipelined", KIB_2));
            rows.add(pipelinedRow(dir, "append-pipelined-500b", BYTES_500));
            rows.addAll(callers(dir.resolve("callers")));
            rows.add(verify(dir.resolve("append-pipelined-0")));
            System.out.println("[" + String.join(",", rows) + "]");
        } finally {
            delete(dir);
        }
    }

    private static String pipelinedRow(Path dir, String name, int bytes) throws Exception {
        double ours = 0;
        double raw = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Run run = pipelined(dir.resolve(name + "-" + round), bytes, PIPELINED_NANOS);
            double disk = RawDisk.recordsPerSecond(dir, run.batches(), bytes);
            System.out.printf(
                    Locale.ROOT,
                    "%s: %,.0f records/s in %d commits, raw loop %,.0f records/s%n",
                    name,
                    run.rate(),
                    run.batches().size(),
                    disk);
            ours = Math.max(ours, run.rate());
            raw = Math.max(raw, disk);
        }
        return String.format(
                Locale.ROOT,
                "{\"name\":\"%s\",\"value\":%.0f,\"unit\":\"records/s\","
                        + "\"against\":\"write and fdatasync of the same batches, %.0f records/s\",\"ratio\":%.2f}",
                name,
                ours,
                raw,
                ours / raw);
    }

    /** One caller that never waits for the disk, only for room in the log's queue. */
    private static Run pipelined(Path dir, int bytes, long nanos) throws Exception {
        byte[][] records = records(bytes);
        List<Long> sizes = new ArrayList<>();
        try (SealedLog log = SealedLog.open(dir, ORIGIN, LogOptions.DEFAULTS)) {
            byte[] none = new byte[0];
            CompletableFuture<EntryRange> last = CompletableFuture.completedFuture(new EntryRange(0, 0));
            long start = System.nanoTime();
            int count = 0;
            while (count < MOST_RECORDS && System.nanoTime() - start < nanos) {
                last = log.append(List.of(records[count % records.length]), none);
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

    private static List<String> callers(Path dir) throws Exception {
        byte[][] records = records(KIB_2);
        List<Future<long[]>> running = new ArrayList<>();
        long[] nanos;
        double rate;
        try (SealedLog log = SealedLog.open(dir, ORIGIN, LogOptions.DEFAULTS);
                ExecutorService threads = Executors.newFixedThreadPool(CALLERS)) {
            long start = System.nanoTime();
            for (int caller = 0; caller < CALLERS; caller++) {
                byte[] record = records[caller % records.length];
                Callable<long[]> calls = () -> call(log, record, start + CALLERS_NANOS);
                running.add(threads.submit(calls));
            }
            List<long[]> all = new ArrayList<>();
            for (Future<long[]> caller : running) {
                all.add(caller.get());
            }
            nanos = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
            rate = nanos.length * 1e9 / (System.nanoTime() - start);
        }
        double p99 = nanos[(int) (nanos.length * 0.99)] / 1e6;
        System.out.printf(
                Locale.ROOT,
                "64 callers: %,.0f records/s, p50 %.2f ms, p99 %.2f ms%n",
                rate,
                nanos[nanos.length / 2] / 1e6,
                p99);
        return List.of(row("append-64-callers", rate, "records/s"), row("append-64-callers-p99-ms", p99, "ms"));
    }

    private static long[] call(SealedLog log, byte[] record, long until)
            throws InterruptedException, ExecutionException {
        long[] nanos = new long[1024];
        int count = 0;
        byte[] none = new byte[0];
        long before = System.nanoTime();
        while (before < until) {
            log.append(List.of(record), none).get();
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

    /** Every entry read and hashed again, every commit's root compared. */
    private static String verify(Path dir) throws LogException {
        long start = System.nanoTime();
        FsckReport report = SealedLog.fsck(dir, List.of());
        double rate = report.size() * 1e9 / (System.nanoTime() - start);
        if (!report.sound()) {
            throw new LogException("the log that was written is not sound: " + report.faults());
        }
        return row("verify", rate, "records/s");
    }

    private static String row(String name, double value, String unit) {
        return String.format(Locale.ROOT, "{\"name\":\"%s\",\"value\":%.2f,\"unit\":\"%s\"}", name, value, unit);
    }

    private static byte[][] records(int bytes) {
        byte[][] records = new byte[256][bytes];
        Random random = new Random(6962);
        for (byte[] record : records) {
            random.nextBytes(record);
        }
        return records;
    }

    private static void delete(Path dir) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(dir)) {
            files = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
