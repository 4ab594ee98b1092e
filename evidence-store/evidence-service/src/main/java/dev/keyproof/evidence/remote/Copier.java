package dev.keyproof.evidence.remote;

import dev.keyproof.evidence.head.TimeStamper;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.log.sealed.TileFolder;
import dev.keyproof.log.tile.TileHashes;
import dev.keyproof.log.tile.TilePath;
import dev.keyproof.verify.Certificates;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Copies each year's newest head with all that is below it: bundles and tiles, the positions, the newest time token, and last the
 * checkpoint. So a checkpoint in the bucket says that everything below it was there and had been read back; the newest that is signed by
 * us is where the copy is resumed, and no other position is kept. One thread at a time.
 */
final class Copier {
    /** Checkpoints that are looked at when the copy is resumed: who may write to the bucket may have put some of his own behind ours. */
    private static final int LOOKED_AT = 100;

    private final Bucket bucket;
    private final Depositor depositor;
    private final YearLogs logs;
    private final Ours ours;
    private final Tokens tokens;
    private final Map<Integer, Long> copied = new ConcurrentSkipListMap<>();
    /** Of the heads whose time tokens were copied last. */
    private final Map<Integer, Long> stamps = new HashMap<>();

    /** Tells our own heads. */
    @FunctionalInterface
    interface Ours {
        boolean signed(SignedHead head) throws EvidenceException;
    }

    /** The time tokens. */
    @FunctionalInterface
    interface Tokens {
        Optional<TimeStamper.Stamped> latest(int year) throws EvidenceException;
    }

    Copier(Bucket bucket, Depositor depositor, YearLogs logs, Ours ours, Tokens tokens) {
        this.bucket = bucket;
        this.depositor = depositor;
        this.logs = logs;
        this.ours = ours;
        this.tokens = tokens;
    }

    /** Sizes of the heads copied last, by year. */
    Map<Integer, Long> copied() {
        return Map.copyOf(copied);
    }

    /** Brings the copy of each year to its newest head. */
    void round() throws EvidenceException {
        for (Map.Entry<Integer, SealedLog> log : logs.all().entrySet()) {
            int year = log.getKey();
            Optional<SealedLog.Published> published = log.getValue().lastPublished();
            if (published.isEmpty()) {
                continue;
            }
            SignedHead head = published.get().head();
            Long before = copied.get(year);
            if (before == null) {
                before = resume(year, head);
                copied.put(year, before);
            }
            if (before < head.size()) {
                copy(year, before, published.get());
                copied.put(year, head.size());
            }
            Optional<TimeStamper.Stamped> stamped = tokens.latest(year);
            if (stamped.isPresent()) {
                token(year, stamped.get());
            }
        }
    }

    /** Size of the newest checkpoint in the bucket that we signed, 0 if there is none. */
    private long resume(int year, SignedHead head) throws EvidenceException {
        Deque<Bucket.Version> last = new ArrayDeque<>();
        bucket.versions(Layout.checkpoints(year), version -> {
            last.addLast(version);
            if (last.size() > LOOKED_AT) {
                last.removeFirst();
            }
        });
        for (Bucket.Version version : List.copyOf(last).reversed()) {
            Optional<SignedHead> there = checkpoint(bucket.get(version).content(), logs.origin(year));
            if (there.isPresent()) {
                requireSame(year, there.get(), head);
                return there.get().size();
            }
        }
        return 0;
    }

    private Optional<SignedHead> checkpoint(byte[] content, String origin) throws EvidenceException {
        try {
            SignedHead there = SignedHead.parse(new String(content, StandardCharsets.UTF_8));
            return there.checkpoint().origin().equals(origin) && ours.signed(there)
                    ? Optional.of(there)
                    : Optional.empty();
        } catch (NoteException e) {
            return Optional.empty();
        }
    }

    /** What was copied is a witness: a log that went back, or went on differently, is told from the one that was copied. */
    private void requireSame(int year, SignedHead there, SignedHead here) throws EvidenceException {
        String bucketHolds = bucket.name() + " holds a head of "
                + there.checkpoint().origin() + " over " + there.size() + " entries that our keys signed, and ";
        if (there.size() > here.size()) {
            throw new EvidenceException(bucketHolds + "this log was signed up to " + here.size()
                    + " only: its folder is older, or another log");
        }
        try {
            if (!root(year, there.size(), here.size()).equals(there.checkpoint().root())) {
                throw new EvidenceException(
                        bucketHolds + "this log had another root then: one of the two was replaced");
            }
        } catch (LogException e) {
            throw new EvidenceException("the log of " + year + " cannot be read: " + e.getMessage(), e);
        }
    }

    private Hash root(int year, long size, long signed) throws LogException {
        TileHashes hashes = new TileHashes(new TileFolder(logs.folder(year)), signed);
        List<Hash> nodes = new ArrayList<>();
        for (int level = 62; level >= 0; level--) {
            if (((size >>> level) & 1) == 1) {
                nodes.add(hashes.hash(level, (size >>> level) - 1));
            }
        }
        return CompactRange.of(size, nodes).root();
    }

    private void copy(int year, long from, SealedLog.Published published) throws EvidenceException {
        SignedHead head = published.head();
        TileFolder files = new TileFolder(logs.folder(year));
        tiles(year, TilePath.ENTRIES, from, head.size(), files);
        for (int level = 0; (head.size() >>> (TilePath.HEIGHT * level)) > 0; level++) {
            tiles(year, level, from, head.size(), files);
        }
        depositor.put(Layout.positions(year, head.size()), published.positions());
        depositor.put(Layout.checkpoint(year, head.size()), head.note().bytes());
    }

    /** Those of a level that the tree over {@code to} entries has and the one over {@code from} has not. */
    private void tiles(int year, int level, long from, long to, TileFolder files) throws EvidenceException {
        int bits = TilePath.HEIGHT * Math.max(0, level);
        long before = from >>> bits;
        long hashes = to >>> bits;
        if (before == hashes) {
            return;
        }
        for (long index = before / TilePath.WIDTH; index * TilePath.WIDTH < hashes; index++) {
            TilePath tile = TilePath.in(level, index, to);
            try {
                depositor.putForGood(Layout.tile(year, tile), files.read(tile));
            } catch (LogException e) {
                throw new EvidenceException("the log of " + year + " cannot be read: " + e.getMessage(), e);
            }
        }
    }

    private void token(int year, TimeStamper.Stamped stamped) throws EvidenceException {
        long size = stamped.head().size();
        if (size == stamps.getOrDefault(year, -1L)) {
            return;
        }
        depositor.put(Layout.token(year, size, "checkpoint"), stamped.checkpoint());
        depositor.put(Layout.token(year, size, "tsq"), stamped.request());
        depositor.put(
                Layout.token(year, size, "pem"),
                Certificates.pem(stamped.chain()).getBytes(StandardCharsets.US_ASCII));
        depositor.put(Layout.token(year, size, "tsr"), stamped.answer());
        stamps.put(year, size);
    }
}
