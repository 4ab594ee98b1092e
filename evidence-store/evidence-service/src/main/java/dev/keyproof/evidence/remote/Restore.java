package dev.keyproof.evidence.remote;

import dev.keyproof.evidence.head.TrustedHeads;
import dev.keyproof.evidence.seal.LogEvents;
import dev.keyproof.evidence.seal.Positions;
import dev.keyproof.evidence.seal.YearDrop;
import dev.keyproof.evidence.store.DurableFiles;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.log.LogException;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.note.NoteSignature;
import dev.keyproof.log.note.NoteSigner;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.log.tile.EntryBundle;
import dev.keyproof.verify.TrustFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SignatureException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

/**
 * Makes a home anew from the bucket. Nothing in the bucket is believed: heads by the keys of the trust file, entries by the heads,
 * artifacts by their names. Everything is made in a folder of its own and moved into place when it is whole.
 */
final class Restore {
    private static final LogOptions OPTIONS = new LogOptions(8 << 20, LogOptions.BATCH_BYTES);
    private static final List<String> MADE = List.of("artifacts", "evidence", "log");
    private static final String UNFINISHED = "restoring";

    private final Bucket bucket;
    private final TrustFile trust;
    private final TrustedHeads trusted;
    private final Path home;
    private final boolean positions;
    /** Years that the logs say were dropped, each with the entry that says so. */
    private final SortedMap<Integer, byte[]> drops = new TreeMap<>();

    /** {@code positions} false: entries are not to be continued from where they were in Kafka, for that is another one now. */
    Restore(Bucket bucket, TrustFile trust, Path home, boolean positions) {
        this.bucket = bucket;
        this.trust = trust;
        this.trusted = new TrustedHeads(trust);
        this.home = home;
        this.positions = positions;
    }

    /** A log that was made again. */
    record Log(SignedHead head, boolean positions) {}

    /** What was made again: the logs, oldest first, and how many files beside them. */
    record Restored(List<Log> logs, int files) {}

    /** Makes it. */
    Restored run() throws EvidenceException {
        Path fresh = home.resolve(UNFINISHED);
        try {
            requireEmpty();
            DurableFiles.deleteTree(fresh);
            Files.createDirectories(fresh.resolve("log"));
            List<Log> logs = new ArrayList<>();
            Map<Integer, Long> sizes = new TreeMap<>();
            for (String year : bucket.folders(Layout.LOGS)) {
                if (year.matches("[0-9]{4}")) {
                    Log log = log(Integer.parseInt(year), fresh.resolve("log").resolve(year));
                    sizes.put(Integer.parseInt(year), log.head().size());
                    logs.add(log);
                }
            }
            if (logs.isEmpty()) {
                throw new EvidenceException(bucket.name() + " holds no log");
            }
            drops.keySet().removeAll(sizes.keySet());
            for (Map.Entry<Integer, byte[]> drop : drops.entrySet()) {
                DurableFiles.write(fresh.resolve("log").resolve(YearLogs.mark(drop.getKey())), drop.getValue());
            }
            int files = new RestoredFiles(bucket, trust, fresh, sizes).run();
            for (String made : MADE) {
                if (Files.exists(fresh.resolve(made))) {
                    Files.move(fresh.resolve(made), home.resolve(made), StandardCopyOption.ATOMIC_MOVE);
                }
            }
            DurableFiles.deleteTree(fresh);
            DurableFiles.sync(home);
            return new Restored(List.copyOf(logs), files);
        } catch (IOException e) {
            throw new EvidenceException("the home " + home + " cannot be written: " + e.getMessage(), e);
        }
    }

    private void requireEmpty() throws EvidenceException {
        for (String made : MADE) {
            if (Files.exists(home.resolve(made))) {
                throw new EvidenceException(home.resolve(made)
                        + " is there: a log is restored into a home without one; name another --home");
            }
        }
    }

    private Log log(int year, Path folder) throws EvidenceException {
        SignedHead head = newest(year);
        try (SealedLog log = SealedLog.open(folder, head.checkpoint().origin(), OPTIONS)) {
            new RemoteTree(bucket, year, head.checkpoint(), entries -> {
                        append(log, entries);
                        drops(entries);
                    })
                    .read();
            Optional<byte[]> there = positions ? positions(year, head.size()) : Optional.empty();
            if (there.isPresent()) {
                done(log, List.of(), there.get());
            }
            if (!log.root().equals(head.checkpoint().root())) {
                throw new EvidenceException("the entries of " + year + " do not lead to the signed root");
            }
            log.publish(head.note().signatures().stream()
                    .map(signature -> signer(head, signature))
                    .toList());
            return new Log(head, there.isPresent());
        } catch (LogException e) {
            throw new EvidenceException("the log of " + year + " was not restored: " + e.getMessage(), e);
        }
    }

    /** The newest head that trusted keys signed and that they could still sign alone. */
    private SignedHead newest(int year) throws EvidenceException {
        List<Bucket.Version> versions = new ArrayList<>();
        bucket.versions(Layout.checkpoints(year), versions::add);
        versions.sort(Comparator.comparingLong(version -> -Layout.size(version.key())));
        for (Bucket.Version version : versions) {
            Optional<SignedHead> head =
                    trusted.read(year, new String(bucket.get(version).content(), StandardCharsets.UTF_8));
            if (head.isPresent()) {
                return head.get();
            }
        }
        throw new EvidenceException(bucket.name() + ": no checkpoint of " + year
                + " is signed by a key that the trust file names: give the trust file of that year's packs");
    }

    /** Of several the oldest, which was there first: whoever put more later could only have meant to skip records. */
    private Optional<byte[]> positions(int year, long size) throws EvidenceException {
        for (Bucket.Version version :
                bucket.versionsOf(Layout.positions(year, size)).reversed()) {
            byte[] content = bucket.get(version).content();
            if (content.length <= SealedLog.MAX_POSITIONS && isPositions(content)) {
                return Optional.of(content);
            }
        }
        return Optional.empty();
    }

    private static boolean isPositions(byte[] content) {
        try {
            Positions.decode(content);
            return true;
        } catch (EvidenceException e) {
            return false;
        }
    }

    /** A log that is not in the bucket any more is marked here as it was where it was dropped. */
    private void drops(List<byte[]> entries) throws EvidenceException {
        for (byte[] entry : entries) {
            Optional<YearDrop> drop = YearDrop.of(entry);
            if (drop.isPresent() && drop.get().phase() == LogEvents.ErasurePhase.BEGUN) {
                drops.put(drop.get().year(), entry);
            } else if (drop.isPresent() && drop.get().phase() == LogEvents.ErasurePhase.WITHHELD) {
                drops.remove(drop.get().year());
            }
        }
    }

    private static void append(SealedLog log, List<byte[]> entries) throws EvidenceException {
        List<byte[]> batch = new ArrayList<>();
        int bytes = 0;
        for (byte[] entry : entries) {
            int more = entry.length + EntryBundle.PREFIX;
            if (bytes + more > LogOptions.BATCH_BYTES) {
                done(log, batch, new byte[0]);
                batch.clear();
                bytes = 0;
            }
            batch.add(entry);
            bytes += more;
        }
        done(log, batch, new byte[0]);
    }

    private static void done(SealedLog log, List<byte[]> entries, byte[] positions) throws EvidenceException {
        try {
            log.append(List.copyOf(entries), positions).get();
        } catch (ExecutionException e) {
            throw new EvidenceException("the log cannot be written: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EvidenceException("interrupted", e);
        }
    }

    /** Gives back a signature that was made before, over that head and no other. */
    private static NoteSigner signer(SignedHead head, NoteSignature signature) {
        return new NoteSigner() {
            @Override
            public String name() {
                return signature.name();
            }

            @Override
            public int keyId() {
                return signature.keyId();
            }

            @Override
            public byte type() {
                return 0;
            }

            @Override
            public byte[] sign(byte[] message) throws SignatureException {
                if (!Arrays.equals(message, head.checkpoint().text().getBytes(StandardCharsets.UTF_8))) {
                    throw new SignatureException("what was restored is not what was signed");
                }
                return signature.signature();
            }
        };
    }
}
