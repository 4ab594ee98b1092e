package dev.keyproof.verify;

import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.note.Checkpoint;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.note.SignedNote;
import dev.keyproof.log.tile.EntryBundle;
import dev.keyproof.log.tile.TilePath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One log of a pack: who signed its checkpoint, and whether every tile and entry leads to the root signed. */
final class LogCheck {
    /** So many bundles are opened at once. */
    private static final int AHEAD = 4;

    private final CanonicalZip zip;
    private final Manifest.Log log;
    private final List<NoteVerifier> keys;
    private final @Nullable TrustFile anchor;
    private final KnownHeads known;
    private final List<KnownHeads.Head> heads;
    private final List<Earlier> earlier = new ArrayList<>();

    /** A checkpoint that this log must be a continuation of. */
    private record Earlier(String file, Checkpoint checkpoint) {}

    /** {@code keys} are those of the pack; only those of this log's origin count. Without an anchor all of them are believed. */
    LogCheck(
            CanonicalZip zip, Manifest.Log log, List<NoteVerifier> keys, @Nullable TrustFile anchor, KnownHeads known) {
        this.anchor = anchor;
        this.known = known;
        this.heads = known.of(log.origin());
        this.zip = zip;
        this.log = log;
        this.keys = keys.stream().filter(key -> key.name().equals(log.origin())).toList();
    }

    /** The checkpoint states what the manifest does, and every key of the log signed it. Returns their verifier keys. */
    List<String> checkpoint() throws BrokenPackException {
        String file = log.path() + "/checkpoint";
        Checkpoint checkpoint = signed(file);
        if (!checkpoint.origin().equals(log.origin())
                || checkpoint.size() != log.size()
                || !Arrays.equals(checkpoint.root().bytes(), log.root())) {
            throw BrokenPackException.of(
                    Reason.CHECKPOINT_DIFFERS, file, "states another origin, size or root than manifest.json");
        }
        requireKnown(log.size(), checkpoint.root(), file);
        begins();
        return keys.stream().map(NoteVerifier::vkey).toList();
    }

    private void requireKnown(long size, Hash root, String file) throws BrokenPackException {
        for (KnownHeads.Head head : heads) {
            if (head.size() == size) {
                known.compare(head, root, file);
            }
        }
    }

    /**
     * The log continues the checkpoint before the scope's first entry, if there is one, as a proof or, in packs of an earlier form, the
     * tiles show.
     */
    private void begins() throws BrokenPackException {
        String file = Consistency.checkpoint(log);
        String proof = Consistency.file(log);
        if (!zip.has(file) && !zip.has(proof)) {
            return;
        }
        Checkpoint before = continues(file);
        if (before.size() > log.from()) {
            throw BrokenPackException.of(
                    Reason.CHECKPOINT_NOT_EARLIER,
                    file,
                    "is of " + before.size() + " entries, and the scope begins at entry " + log.from());
        }
        if (zip.has(proof)) {
            Consistency.require(zip.bytes(proof), log, before);
            requireKnown(before.size(), before.root(), file);
        } else if (zip.under(log.path() + "/tile").isEmpty()) {
            throw BrokenPackException.of(
                    Reason.CONSISTENCY_MISSING,
                    proof,
                    "is missing, and nothing else shows that the log continues " + file);
        }
    }

    /** The anchor names every key, and at least one of them had not handed over to a successor before the log was of that size. */
    private void requireTrusted(String file, long size) throws BrokenPackException {
        if (anchor == null) {
            return;
        }
        long longest = -1;
        for (NoteVerifier key : keys) {
            LogKey known = anchor.logKey(key.vkey())
                    .orElseThrow(() -> BrokenPackException.of(
                            Reason.LOG_KEY_UNTRUSTED,
                            "trust/log.vkey",
                            "the trust file does not name this key of the log: " + key.vkey()));
            longest = Math.max(longest, known.until());
        }
        if (size > longest) {
            throw BrokenPackException.of(
                    Reason.LOG_KEY_RETIRED,
                    file,
                    "of " + size + " entries is signed by keys alone that had handed over to others at " + longest);
        }
    }

    /** Which witnesses of each policy of the anchor cosigned the checkpoint; a sentence each. */
    List<String> witnesses() throws BrokenPackException {
        String file = log.path() + "/checkpoint";
        List<String> sentences = new ArrayList<>();
        for (WitnessPolicy policy : anchor == null ? List.<WitnessPolicy>of() : anchor.witnesses()) {
            List<String> cosigned = cosigners(policy, file);
            if (cosigned.size() < policy.quorum()) {
                throw BrokenPackException.of(
                        Reason.TOO_FEW_WITNESSES,
                        file,
                        "cosigned by " + cosigned.size() + " of the "
                                + policy.witnesses().size() + " witnesses that the trust file names, of which it wants "
                                + policy.quorum());
            }
            sentences.add(log.origin() + " at this size was cosigned by " + String.join(", ", cosigned) + ": "
                    + cosigned.size() + " of " + policy.witnesses().size() + " witnesses that the trust file names, "
                    + policy.quorum() + " wanted.");
        }
        return sentences;
    }

    private List<String> cosigners(WitnessPolicy policy, String file) throws BrokenPackException {
        SignedNote note = note(file);
        try {
            return policy.cosigners(note);
        } catch (NoteException e) {
            throw BrokenPackException.of(Reason.COSIGNATURE_FALSE, file, e);
        }
    }

    private Checkpoint signed(String file) throws BrokenPackException {
        if (keys.isEmpty()) {
            throw BrokenPackException.of(
                    Reason.LOG_KEY_MISSING, "trust/log.vkey", "has no key of the log " + log.origin());
        }
        SignedNote note = note(file);
        for (NoteVerifier key : keys) {
            if (note.signatures().stream().noneMatch(key::made)) {
                throw BrokenPackException.of(Reason.CHECKPOINT_UNSIGNED, file, "not signed by every key of the log");
            }
        }
        try {
            note.verifiedBy(keys);
        } catch (NoteException e) {
            throw BrokenPackException.of(Reason.CHECKPOINT_FALSE, file, e);
        }
        Checkpoint checkpoint = head(note, file);
        requireTrusted(file, checkpoint.size());
        return checkpoint;
    }

    private SignedNote note(String file) throws BrokenPackException {
        byte[] bytes = zip.bytes(file);
        try {
            return SignedNote.parse(bytes);
        } catch (NoteException e) {
            throw BrokenPackException.of(Reason.CHECKPOINT_FORM, file, e);
        }
    }

    private static Checkpoint head(SignedNote note, String file) throws BrokenPackException {
        try {
            return SignedHead.parse(note.format()).checkpoint();
        } catch (NoteException e) {
            throw BrokenPackException.of(Reason.CHECKPOINT_FORM, file, e);
        }
    }

    /** Every tile and bundle that belongs here is here and nothing else, and all lead to the root. */
    void tilesAndEntries(Scope.Part part, Faults faults, EntrySink sink) throws BrokenPackException {
        List<TilePath> tiles = LogFiles.tiles(log.size());
        List<TilePath> bundles = LogFiles.bundles(log.from(), part.end(log.size()), log.size());
        requireExactly(tiles, bundles);
        if (zip.has(Consistency.checkpoint(log))) {
            continues(Consistency.checkpoint(log));
        }
        CompactRange range = new CompactRange();
        for (TilePath path : tiles) {
            faults.reading(file(path));
            faults.passes(() -> tile(path, range));
        }
        if (!Arrays.equals(range.root().bytes(), log.root())) {
            faults.report(Fault.of(
                    Reason.TILES_ROOT, log.path(), "the tiles do not lead to the root that the checkpoint states"));
        }
        for (int at = 0; at < bundles.size(); at += AHEAD) {
            List<TilePath> next = bundles.subList(at, Math.min(bundles.size(), at + AHEAD));
            List<Bundle> opened = next.parallelStream().map(this::opened).toList();
            Entry.parse(
                    opened.stream().flatMap(bundle -> bundle.entries.stream()).toList());
            for (Bundle bundle : opened) {
                faults.reading(file(bundle.path));
                faults.passes(() -> bundle(bundle, part, faults, sink));
            }
        }
    }

    /** Appends the leaves of a tile of level 0; compares a higher one with the tiles below it. */
    private void tile(TilePath path, CompactRange range) throws BrokenPackException {
        String file = file(path);
        byte[] tile = tileBytes(path);
        for (int i = 0; i < path.width(); i++) {
            Hash hash = Hash.of(tile, i * Hash.LENGTH);
            if (path.level() == 0) {
                range.append(hash);
                requireRootOfEarlier(range);
                requireRootOfKnown(range);
            } else {
                TilePath below = TilePath.full(path.level() - 1, path.index() * TilePath.WIDTH + i);
                if (!root(tileBytes(below)).equals(hash)) {
                    throw BrokenPackException.at(
                            Reason.TILE_MISMATCH, file, "hash " + i, "is not the root of " + file(below));
                }
            }
        }
    }

    private void requireRootOfEarlier(CompactRange range) throws BrokenPackException {
        for (Earlier one : earlier) {
            if (range.size() == one.checkpoint.size() && !one.checkpoint.root().equals(range.root())) {
                throw BrokenPackException.of(
                        Reason.LOG_FORKED, one.file, "the log at its end is not a continuation of this checkpoint");
            }
        }
    }

    /** A root costs a hash for each bit of the size: made only where somebody knows it. */
    private void requireRootOfKnown(CompactRange range) throws BrokenPackException {
        for (KnownHeads.Head head : heads) {
            if (head.size() == range.size()) {
                known.compare(head, range.root(), log.path() + "/checkpoint");
            }
        }
    }

    /** Adds a checkpoint of this log, by its keys, that {@link #tilesAndEntries} compares with the log at its size. */
    Checkpoint continues(String file) throws BrokenPackException {
        Checkpoint checkpoint = signed(file);
        boolean whole = checkpoint.size() == log.size();
        if (!checkpoint.origin().equals(log.origin())
                || checkpoint.size() > log.size()
                || (whole && !Arrays.equals(checkpoint.root().bytes(), log.root()))) {
            throw BrokenPackException.of(
                    Reason.CHECKPOINT_NOT_EARLIER, file, "is not an earlier checkpoint of this log");
        }
        earlier.add(new Earlier(file, checkpoint));
        return checkpoint;
    }

    /**
     * A bundle whose hashes are computed.
     *
     * @param fault why there are no entries
     * @param altered the places of those that are not what was sealed
     */
    private record Bundle(TilePath path, Optional<BrokenPackException> fault, List<Entry> entries, BitSet altered) {}

    /** On whichever thread: it tells nobody yet. */
    private Bundle opened(TilePath path) {
        try {
            List<Entry> entries = entries(path);
            byte[] leaves = tileBytes(TilePath.in(0, path.index(), log.size()));
            BitSet altered = new BitSet();
            for (int i = 0; i < entries.size(); i++) {
                if (!new TreeHasher().leaf(entries.get(i).bytes()).equals(Hash.of(leaves, i * Hash.LENGTH))) {
                    altered.set(i);
                }
            }
            return new Bundle(path, Optional.empty(), entries, altered);
        } catch (BrokenPackException e) {
            return new Bundle(path, Optional.of(e), List.of(), new BitSet());
        } catch (RuntimeException e) {
            return new Bundle(
                    path,
                    Optional.of(BrokenPackException.of(
                            Reason.UNREADABLE,
                            file(path),
                            "holds something that cannot be read: "
                                    + e.getClass().getSimpleName())),
                    List.of(),
                    new BitSet());
        }
    }

    private List<Entry> entries(TilePath path) throws BrokenPackException {
        String file = file(path);
        List<byte[]> bytes;
        try {
            bytes = EntryBundle.decode(zip.content(file));
        } catch (LogException e) {
            throw BrokenPackException.of(Reason.BUNDLE_FORM, file, e);
        }
        if (bytes.size() != path.width()) {
            throw BrokenPackException.of(
                    Reason.BUNDLE_FORM, file, "has " + bytes.size() + " entries, not " + path.width());
        }
        List<Entry> entries = new ArrayList<>(bytes.size());
        for (int i = 0; i < bytes.size(); i++) {
            entries.add(new Entry(log.path(), path.index() * TilePath.WIDTH + i, bytes.get(i)));
        }
        return entries;
    }

    private void bundle(Bundle bundle, Scope.Part part, Faults faults, EntrySink sink) throws BrokenPackException {
        if (bundle.fault.isPresent()) {
            throw bundle.fault.get();
        }
        String file = file(bundle.path);
        for (int i = 0; i < bundle.entries.size(); i++) {
            Entry entry = bundle.entries.get(i);
            if (bundle.altered.get(i)) {
                faults.report(Fault.at(
                        Reason.ENTRY_ALTERED, file, "entry " + entry.index(), "is not the entry that was sealed"));
            } else if (entry.index() >= log.from() && entry.index() < part.end(log.size())) {
                sink.entry(entry, file);
            }
        }
    }

    private byte[] tileBytes(TilePath path) throws BrokenPackException {
        byte[] tile = zip.content(file(path));
        if (tile.length != path.width() * Hash.LENGTH) {
            throw BrokenPackException.of(
                    Reason.TILE_FORM, file(path), "has " + tile.length + " bytes, not 32 for each hash");
        }
        return tile;
    }

    private Hash root(byte[] tile) {
        CompactRange range = new CompactRange();
        for (int at = 0; at < tile.length; at += Hash.LENGTH) {
            range.append(Hash.of(tile, at));
        }
        return range.root();
    }

    private void requireExactly(List<TilePath> tiles, List<TilePath> bundles) throws BrokenPackException {
        Set<String> expected = new HashSet<>();
        tiles.forEach(path -> expected.add(file(path)));
        bundles.forEach(path -> expected.add(file(path)));
        List<String> surplus = new ArrayList<>();
        for (String file : zip.under(log.path() + "/tile")) {
            if (!expected.remove(file)) {
                surplus.add(file);
            }
        }
        if (!expected.isEmpty()) {
            throw BrokenPackException.of(
                    Reason.TILE_MISSING, expected.stream().sorted().toList().getFirst(), "is missing from the log");
        }
        if (!surplus.isEmpty()) {
            throw BrokenPackException.of(
                    Reason.TILE_SURPLUS, surplus.getFirst(), "does not belong to a log of " + log.size() + " entries");
        }
    }

    private String file(TilePath path) {
        return log.path() + "/" + path.path();
    }
}
