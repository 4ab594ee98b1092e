package dev.keyproof.log.store;

import dev.keyproof.log.LogException;
import dev.keyproof.log.LogFullException;
import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.store.Committed.Positions;
import dev.keyproof.log.tile.EntryBundle;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Builds commits from the queue: the state of the log as it will be when everything under way is durable. Only in the commit turn. */
final class Builder implements EntrySink {
    private final Queue queue;
    private final Room room;
    private final CompactRange tree;

    private long sequence;
    private SegmentFile segment;
    private long end;
    /** The segment has all its entries; the next one begins with the next entry, when there is surely room for it. */
    private boolean complete;

    private Positions positions;
    private Batch batch;

    Builder(Queue queue, Room room, Committed last) {
        this.queue = queue;
        this.room = room;
        this.tree = CompactRange.of(last.size(), last.frontier());
        this.sequence = last.sequence();
        this.segment = room.current();
        this.end = last.end();
        this.positions = last.positions();
        this.batch = new Batch(0);
    }

    /**
     * Waits for appends and lets them write; false if there are no more. The batch may still be empty if none of them wrote.
     *
     * @param refusal why nothing may be written any more, or null
     */
    boolean begin(Batch into, Supplier<@Nullable LogException> refusal) {
        batch = into;
        batch.clear();
        if (!complete) {
            batch.begin(segment, end);
        }
        while (batch.isEmpty()) {
            Append append = queue.await();
            if (append == null) {
                return false;
            }
            LogException refused = refusal.get();
            if (refused != null) {
                queue.take();
                append.failed(refused);
            } else {
                take(append);
            }
        }
        more();
        return true;
    }

    /** Lets what has arrived since join, and closes the commit. */
    void finish(Batch into) {
        more();
        sequence++;
        into.seal(new Committed(sequence, tree.size(), complete ? 0 : end, tree.nodes(), tree.root(), positions));
    }

    private void more() {
        Append append = queue.peek();
        while (append != null && batch.fits(needed(append))) {
            take(append);
            append = queue.peek();
        }
    }

    private static int needed(Append append) {
        return append.bytes() + append.entries() * EntryBundle.PREFIX;
    }

    private void take(Append append) {
        queue.take();
        try {
            room.reserve(append.entries(), needed(append));
        } catch (RoomException e) {
            append.refused(new LogFullException(e.getMessage() + "; refused until there is room", e));
            return;
        }
        batch.fits(needed(append));
        long before = tree.size();
        try {
            append.write(this);
            batch.joined(append);
        } catch (Exception | Error e) {
            append.failed(e);
            if (tree.size() > before) {
                // It left something behind, which must be committed although nobody waits for it.
                batch.joined(Append.NOBODY);
            }
        } finally {
            room.used(tree.size(), end);
        }
    }

    @Override
    public long next() {
        return tree.size();
    }

    @Override
    public void add(byte[] entry) {
        put(entry);
        tree.append(entry, 0, entry.length);
        added();
    }

    @Override
    public void add(byte[] entry, byte[] leaves, int at) {
        put(entry);
        tree.append(leaves, at);
        added();
    }

    private void put(byte[] entry) {
        if (entry.length > EntryBundle.MAX_ENTRY) {
            throw new IllegalArgumentException("an entry has at most 65535 bytes, not " + entry.length);
        }
        if (complete) {
            segment = room.roll();
            end = 0;
            complete = false;
            batch.begin(segment, 0);
        }
        batch.put(entry);
        end += EntryBundle.PREFIX + entry.length;
    }

    private void added() {
        if (tree.size() % StoreLayout.SEGMENT_ENTRIES == 0) {
            complete = true;
            batch.end(true);
        }
    }

    @Override
    public void positions(Positions as) {
        positions = as;
    }
}
