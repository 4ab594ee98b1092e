package dev.keyproof.log.bench;

import dev.keyproof.log.EntryRange;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.InclusionProof;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.note.TestingSigner;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.log.store.SyntheticLog;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;

/** From the call of an append to the checkpoint that covers it; and what a large log costs to open and to prove from. */
final class SealedBench {
    private static final int BYTES = 500;
    /** What a busy house appends in a second. */
    private static final int PER_SECOND = 10_000;

    private static final long INTERVAL_NANOS = 250_000_000L;
    private static final long FOR_NANOS = 6_000_000_000L;
    private static final int GROWING = 20_000;
    private static final int SMALL_BYTES = 64;
    private static final int PROOFS = 5_000;

    private record Appended(long index, long nanos) {}

    private final List<TestingSigner> signers =
            List.of(TestingSigner.ed25519(Load.ORIGIN), TestingSigner.ecdsa(Load.ORIGIN));

    /** 99th percentile in milliseconds, under a steady load, a checkpoint every quarter of a second. */
    double sealedP99(Path dir) throws Exception {
        byte[][] records = Load.records(BYTES);
        ConcurrentLinkedQueue<Appended> waiting = new ConcurrentLinkedQueue<>();
        long[] nanos = new long[(int) (PER_SECOND * (FOR_NANOS / 1_000_000_000L) + PER_SECOND)];
        int count = 0;
        try (SealedLog log = SealedLog.open(dir, Load.ORIGIN, LogOptions.DEFAULTS)) {
            long start = System.nanoTime();
            Thread appending = Thread.ofPlatform().start(() -> append(log, records, waiting, start));
            long next = start + INTERVAL_NANOS;
            while (appending.isAlive() || !waiting.isEmpty()) {
                LockSupport.parkNanos(next - System.nanoTime());
                next += INTERVAL_NANOS;
                long size = log.publish(signers).size();
                long now = System.nanoTime();
                for (Appended one = waiting.peek(); one != null && one.index() < size; one = waiting.peek()) {
                    waiting.remove();
                    nanos[count] = now - one.nanos();
                    count++;
                }
            }
            appending.join();
        }
        return p99(Arrays.copyOf(nanos, count));
    }

    private static void append(SealedLog log, byte[][] records, ConcurrentLinkedQueue<Appended> waiting, long start) {
        long gap = 1_000_000_000L / PER_SECOND;
        long index = 0;
        CompletableFuture<EntryRange> last = CompletableFuture.completedFuture(new EntryRange(0, 0));
        for (long now = System.nanoTime(); now - start < FOR_NANOS; now = System.nanoTime()) {
            if (now < start + index * gap) {
                LockSupport.parkNanos(start + index * gap - now);
            } else {
                waiting.add(new Appended(index, now));
                last = log.append(List.of(records[(int) (index % records.length)]), new byte[0]);
                index++;
            }
        }
        last.join();
    }

    private static double p99(long[] nanos) {
        Arrays.sort(nanos);
        return nanos[(int) (nanos.length * 0.99)] / 1e6;
    }

    /** A log of so many small entries. */
    void grown(Rows rows, Path dir, int entries) throws Exception {
        byte[][] records = Load.records(SMALL_BYTES);
        List<byte[]> some = Arrays.asList(records);
        try (SealedLog log = SealedLog.open(dir, Load.ORIGIN, LogOptions.DEFAULTS)) {
            CompletableFuture<EntryRange> last = CompletableFuture.completedFuture(new EntryRange(0, 0));
            for (int size = 0; size < entries; size += some.size()) {
                last = log.append(some, new byte[0]);
                if (size % (GROWING * some.size()) == 0) {
                    log.publish(signers);
                }
            }
            last.join();
            log.publish(signers);
        }
        measure(rows, dir, entries / 1_000_000 + "m", index -> records[(int) (index % records.length)]);
    }

    /** A log of very many entries that are all the same: what is not there of it, nobody reads. */
    void synthetic(Rows rows, Path dir, long entries) throws Exception {
        byte[] entry = Load.records(SMALL_BYTES)[0];
        SyntheticLog.make(dir, Load.ORIGIN, entries, entry, signers);
        // Its last tiles are made by who opens it first; the other logs have theirs.
        SealedLog.open(dir, Load.ORIGIN, LogOptions.DEFAULTS).close();
        measure(rows, dir, entries / 1_000_000 + "m", index -> entry);
    }

    /** How long opening takes, and what a proof of a random entry takes; each is checked against the signed root. */
    private static void measure(Rows rows, Path dir, String suffix, LongFunction<byte[]> entries) throws Exception {
        long before = System.nanoTime();
        try (SealedLog log = SealedLog.open(dir, Load.ORIGIN, LogOptions.DEFAULTS)) {
            rows.add("recovery-ms-" + suffix, (System.nanoTime() - before) / 1e6, "ms");
            Hash root = log.lastHead().orElseThrow().checkpoint().root();
            Random random = new Random(6962);
            TreeHasher hasher = new TreeHasher();
            long[] nanos = new long[PROOFS];
            for (int i = 0; i < PROOFS; i++) {
                long index = random.nextLong(log.size());
                long begun = System.nanoTime();
                InclusionProof proof = log.inclusionProof(index, log.size());
                nanos[i] = System.nanoTime() - begun;
                if (!proof.verifies(hasher.leaf(entries.apply(index)), root)) {
                    throw new IllegalStateException("the proof of entry " + index + " does not hold");
                }
            }
            rows.add("proof-p99-ms-" + suffix, p99(nanos), "ms");
        }
    }
}
