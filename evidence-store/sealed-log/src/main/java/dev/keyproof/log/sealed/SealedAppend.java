package dev.keyproof.log.sealed;

import dev.keyproof.log.EntryRange;
import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.store.Append;
import dev.keyproof.log.store.Committed.Positions;
import dev.keyproof.log.store.EntrySink;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Entries and positions on their way into the log. */
final class SealedAppend implements Append {
    private final List<byte[]> entries;
    private final int bytes;
    private final Positions positions;
    /** Hashed on the caller's thread: of the commit turn there is only one. */
    private final byte[] leaves;

    private final CompletableFuture<EntryRange> future = new CompletableFuture<>();
    private long from;

    SealedAppend(List<byte[]> entries, int bytes, byte[] positions, TreeHasher hasher) {
        this.entries = List.copyOf(entries);
        this.bytes = bytes;
        this.positions = new Positions(positions);
        this.leaves = new byte[entries.size() * Hash.LENGTH];
        for (int i = 0; i < entries.size(); i++) {
            hasher.leaf(entries.get(i), 0, entries.get(i).length, leaves, i * Hash.LENGTH);
        }
    }

    CompletableFuture<EntryRange> future() {
        return future;
    }

    @Override
    public int entries() {
        return entries.size();
    }

    @Override
    public int bytes() {
        return bytes;
    }

    @Override
    public void write(EntrySink sink) {
        from = sink.next();
        for (int i = 0; i < entries.size(); i++) {
            sink.add(entries.get(i), leaves, i * Hash.LENGTH);
        }
        sink.positions(positions);
    }

    @Override
    public void durable() {
        future.complete(new EntryRange(from, from + entries.size()));
    }

    @Override
    public void refused(LogException cause) {
        future.completeExceptionally(cause);
    }

    @Override
    public void failed(Throwable cause) {
        future.completeExceptionally(cause);
    }
}
