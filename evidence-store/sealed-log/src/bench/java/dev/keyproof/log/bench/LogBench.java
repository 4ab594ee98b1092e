package dev.keyproof.log.bench;

import dev.keyproof.log.FsckReport;
import dev.keyproof.log.LogException;
import dev.keyproof.log.sealed.SealedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * The sealed log, held in the same run against the bare disk with the batch sizes that the log itself made, against the layout that has a
 * file for each tile, and against Tessera. Each figure with a bound is the best of three. Prints one line of JSON at the end.
 */
public final class LogBench {
    private static final int ROUNDS = 3;
    private static final int KIB_2 = 2048;
    private static final int BYTES_500 = 500;
    private static final long PIPELINED_NANOS = 2_000_000_000L;
    private static final long CALLERS_NANOS = 4_000_000_000L;
    /** Ends a pipelined run early on a fast disk, so that the check afterwards stays short. */
    private static final int MOST_RECORDS = 300_000;

    private static final int FILE_PER_TILE_RECORDS = 100_000;
    private static final int[] GROWN = {1_000_000, 10_000_000};
    private static final long SYNTHETIC = 100_000_000;

    private final Path dir;
    private final Rows rows = new Rows();

    private LogBench(Path dir) {
        this.dir = dir;
    }

    /** With {@code quick}, without the log of ten million entries. */
    public static void main(String[] arguments) throws Exception {
        Path target = Path.of("target");
        Path dir = Files.isDirectory(target)
                ? Files.createTempDirectory(target, "log-bench")
                : Files.createTempDirectory("log-bench");
        try {
            new LogBench(dir).run(List.of(arguments).contains("quick"));
        } finally {
            delete(dir);
        }
    }

    private void run(boolean quick) throws Exception {
        System.out.println(
                "load before: " + Files.readString(Path.of("/proc/loadavg")).strip());
        Load.pipelined(dir.resolve("warm-up"), KIB_2, MOST_RECORDS, PIPELINED_NANOS);
        double ours = pipelined("append-pipelined", KIB_2);
        pipelined("append-pipelined-500b", BYTES_500);
        callers();
        SealedBench sealed = new SealedBench();
        rows.add("sealed-p99-ms", sealed.sealedP99(dir.resolve("sealed")), "ms");
        verify(dir.resolve("append-pipelined-500b-0"));
        rows.add(
                "append-vs-file-per-tile",
                ours,
                "records/s",
                "a forced file for each bundle and tile",
                RawDisk.filePerTile(dir, FILE_PER_TILE_RECORDS, KIB_2));
        OptionalDouble tessera = new Tessera(dir).recordsPerSecond(KIB_2);
        if (tessera.isPresent()) {
            rows.add("append-vs-tessera", ours, "records/s", "Tessera 1.0.0, POSIX driver", tessera.getAsDouble());
        }
        for (int entries : GROWN) {
            if (!quick || entries == GROWN[0]) {
                Path grown = dir.resolve("grown-" + entries);
                sealed.grown(rows, grown, entries);
                delete(grown);
            }
        }
        Path synthetic = dir.resolve("synthetic");
        sealed.synthetic(rows, synthetic, SYNTHETIC);
        delete(synthetic);
        System.out.println(
                "load after: " + Files.readString(Path.of("/proc/loadavg")).strip());
        System.out.println(rows);
    }

    private double pipelined(String name, int bytes) throws Exception {
        double ours = 0;
        double raw = 0;
        double hashing = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Load.Run run = Load.pipelined(dir.resolve(name + "-" + round), bytes, MOST_RECORDS, PIPELINED_NANOS);
            double disk = RawDisk.recordsPerSecond(dir, run.batches(), bytes);
            double hashed = RawDisk.hashedPerSecond(dir, run.batches(), Load.records(bytes));
            System.out.printf(
                    Locale.ROOT,
                    "%s: %,.0f records/s in %d commits, raw loop %,.0f records/s, with hashes %,.0f%n",
                    name,
                    run.rate(),
                    run.batches().size(),
                    disk,
                    hashed);
            hashing = Math.max(hashing, hashed);
            ours = Math.max(ours, run.rate());
            raw = Math.max(raw, disk);
        }
        rows.add(name, ours, "records/s", "write and fdatasync of the same batches", raw);
        rows.add(name + "-hashed", ours, "records/s", "the same and SHA-256 of each record on all cores", hashing);
        return ours;
    }

    private void callers() throws Exception {
        Load.Calls best = Load.callers(dir.resolve("callers-0"), BYTES_500, CALLERS_NANOS);
        for (int round = 1; round < ROUNDS; round++) {
            Load.Calls calls = Load.callers(dir.resolve("callers-" + round), BYTES_500, CALLERS_NANOS);
            best = calls.rate() > best.rate() ? calls : best;
        }
        System.out.printf(
                Locale.ROOT,
                "64 callers: %,.0f records/s, p50 %.2f ms, p99 %.2f ms%n",
                best.rate(),
                best.millis(0.5),
                best.millis(0.99));
        rows.add("append-64-callers", best.rate(), "records/s");
        rows.add("append-64-callers-p99-ms", best.millis(0.99), "ms");
    }

    /** Every entry read and hashed again, every commit's root compared. */
    private void verify(Path log) throws LogException {
        double best = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            FsckReport report = SealedLog.fsck(log, List.of());
            best = Math.max(best, report.size() * 1e9 / (System.nanoTime() - start));
            if (!report.sound()) {
                throw new LogException("the log that was written is not sound: " + report.faults());
            }
        }
        rows.add("verify", best, "records/s");
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
