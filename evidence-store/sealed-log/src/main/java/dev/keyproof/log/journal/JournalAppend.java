package dev.keyproof.log.journal;

import dev.keyproof.log.LogException;
import dev.keyproof.log.store.Append;
import dev.keyproof.log.store.EntrySink;
import dev.keyproof.log.store.Identity;
import dev.keyproof.log.tile.EntryBundle;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** One entry on its way into the journal; takes the gap entry along if appends were refused before it. */
final class JournalAppend implements Append {
    /** What an entry is taken for while it waits; its size is known only in its turn. */
    static final int EXPECTED_BYTES = 2048;

    private final Identity journal;
    private final Chain chain;
    private final Optional<GapWriter> gapWriter;
    private final AtomicLong refused;
    private final EntryWriter writer;
    private final CompletableFuture<JournalPosition> future = new CompletableFuture<>();
    private long sequence = -1;

    JournalAppend(
            Identity journal, Chain chain, Optional<GapWriter> gapWriter, AtomicLong refused, EntryWriter writer) {
        this.journal = journal;
        this.chain = chain;
        this.gapWriter = gapWriter;
        this.refused = refused;
        this.writer = writer;
    }

    CompletableFuture<JournalPosition> future() {
        return future;
    }

    @Override
    public int entries() {
        return 2;
    }

    @Override
    public int bytes() {
        return 2 * EntryBundle.MAX_ENTRY;
    }

    @Override
    public void write(EntrySink sink) throws Exception {
        long missed = refused.get();
        if (missed > 0 && gapWriter.isPresent()) {
            add(sink, gapWriter.get().entry(journal.name(), journal.epoch(), sink.next(), chain.previousHex(), missed));
        }
        refused.addAndGet(-missed);
        long next = sink.next();
        add(sink, writer.entry(journal.name(), journal.epoch(), next, chain.previousHex()));
        sequence = next;
    }

    private void add(EntrySink sink, byte[] entry) {
        sink.add(entry);
        chain.follow(entry);
    }

    @Override
    public void durable() {
        future.complete(new JournalPosition(journal.name(), journal.epoch(), sequence));
    }

    @Override
    public void refused(LogException cause) {
        refused.incrementAndGet();
        future.completeExceptionally(new JournalFullException("the journal is full: " + cause.getMessage(), cause));
    }

    @Override
    public void failed(Throwable cause) {
        future.completeExceptionally(cause);
    }
}
