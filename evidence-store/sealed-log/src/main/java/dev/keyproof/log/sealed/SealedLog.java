package dev.keyproof.log.sealed;

import dev.keyproof.log.EntryRange;
import dev.keyproof.log.FsckReport;
import dev.keyproof.log.LogException;
import dev.keyproof.log.LogFullException;
import dev.keyproof.log.LogOptions;
import dev.keyproof.log.LogPoisonedException;
import dev.keyproof.log.merkle.ConsistencyProof;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.InclusionProof;
import dev.keyproof.log.note.NoteSigner;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedHead;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A log that proves what it holds. One writing process per folder; safe for many threads.
 *
 * <p>The folder can be served as it is to any C2SP tlog-tiles client: {@code checkpoint}, {@code tile/...}, {@code tile/entries/...}.
 * Those files are derived, made when a checkpoint is published; the log itself is in {@code store/}.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class SealedLog implements AutoCloseable {
    private SealedLog() {}

    /**
     * Opens the log in a folder, made if it is not there, and recovers it to its last valid commit.
     *
     * @param origin first line of every checkpoint
     * @throws LogException if another process writes it, it has another origin, it is damaged below what was signed, or it cannot be
     *     read or written
     */
    public static SealedLog open(Path dir, String origin, LogOptions options) throws LogException {
        throw new UnsupportedOperationException(dir + origin + options);
    }

    public String origin() {
        throw new UnsupportedOperationException();
    }

    /** Durable entries. */
    public long size() {
        throw new UnsupportedOperationException();
    }

    /** Merkle root over the durable entries. */
    public Hash root() {
        throw new UnsupportedOperationException();
    }

    /** What the last durable append gave as its positions; empty at first. */
    public byte[] positions() {
        throw new UnsupportedOperationException();
    }

    /**
     * Appends entries together with the caller's positions in its sources: after a crash either all of both are there or nothing.
     * Completes when they are on disk; fails as {@link LogFullException} or {@link LogPoisonedException} say.
     *
     * @param entries at most 65,535 bytes each and {@link LogOptions#batchBytes} in all; may be empty, to store positions only
     * @param positions opaque, at most 1,920 bytes
     */
    public CompletableFuture<EntryRange> append(List<byte[]> entries, byte[] positions) {
        throw new UnsupportedOperationException("" + entries.size() + positions.length);
    }

    /**
     * One durable entry.
     *
     * @throws LogException if there is none or it cannot be read
     */
    public byte[] entry(long index) throws LogException {
        throw new UnsupportedOperationException("" + index);
    }

    /**
     * Durable entries from {@code from} on, as many as there are up to {@code max}.
     *
     * @throws LogException if they cannot be read
     */
    public List<byte[]> read(long from, int max) throws LogException {
        throw new UnsupportedOperationException("" + from + max);
    }

    /**
     * Publishes a checkpoint over all durable entries: reads back what is new since the last one, makes its tiles and bundles, checks
     * that the new tree extends the last signed one, signs, stores the signed head, and only then replaces {@code checkpoint}.
     *
     * @param signers at least one; in the order of the signature lines
     * @return the new head, or the last one if nothing is new
     * @throws LogException if a signer fails, something cannot be written, or the tree does not extend the last signed one
     */
    public SignedHead publish(List<? extends NoteSigner> signers) throws LogException {
        throw new UnsupportedOperationException("" + signers.size());
    }

    /** The head signed last. */
    public Optional<SignedHead> lastHead() {
        throw new UnsupportedOperationException();
    }

    /**
     * Proves an entry in the tree of a published size.
     *
     * @throws LogException if the tiles cannot be read
     */
    public InclusionProof inclusionProof(long index, long size) throws LogException {
        throw new UnsupportedOperationException("" + index + size);
    }

    /**
     * Proves that one published tree is the beginning of another.
     *
     * @throws LogException if the tiles cannot be read
     */
    public ConsistencyProof consistencyProof(long from, long to) throws LogException {
        throw new UnsupportedOperationException("" + from + to);
    }

    /**
     * Checks everything in the folder against everything else. The log must not be open.
     *
     * @param verifiers keys that must have signed each head; empty to check no signature
     * @throws LogException if it is no log, or is open elsewhere
     */
    public static FsckReport fsck(Path dir, List<NoteVerifier> verifiers) throws LogException {
        throw new UnsupportedOperationException(dir.toString() + verifiers);
    }

    /**
     * Makes all derived files anew from the log, and proves that they lead to the root of the last signed head. The log must not be
     * open.
     *
     * @return size of the tree that was made again
     * @throws LogException if the log does not lead to the signed root, is open elsewhere, or files cannot be written
     */
    public static long rebuild(Path dir) throws LogException {
        throw new UnsupportedOperationException(dir.toString());
    }

    /** Finishes what was appended and releases the folder. */
    @Override
    public void close() throws LogException {
        throw new UnsupportedOperationException();
    }
}
