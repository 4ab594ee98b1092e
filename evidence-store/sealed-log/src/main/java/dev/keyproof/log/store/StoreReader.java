package dev.keyproof.log.store;

import dev.keyproof.log.LogException;
import dev.keyproof.log.note.SignedHead;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a store that another process may be writing. Not for several threads. */
public final class StoreReader implements AutoCloseable {
    private final Identity identity;
    private final DurableMark mark;
    private final EntryCursor cursor;
    private final HeadReader heads;

    private StoreReader(StoreLayout layout, Identity identity, DurableMark mark) {
        this.identity = identity;
        this.mark = mark;
        this.cursor = new EntryCursor(layout);
        this.heads = new HeadReader(layout);
    }

    /** Opens a store that was made. */
    public static StoreReader open(StoreLayout layout) throws LogException {
        Identity identity = Identity.read(layout);
        try {
            return new StoreReader(layout, identity, DurableMark.read(layout.durable()));
        } catch (IOException e) {
            throw new LogException("cannot read " + layout.durable(), e);
        }
    }

    public Identity identity() {
        return identity;
    }

    public long durableSize() {
        return mark.size();
    }

    public List<byte[]> read(long from, int max) throws LogException {
        return read(cursor, from, max, durableSize());
    }

    /** Entries below {@code durable}, copied. */
    public static List<byte[]> read(EntryCursor cursor, long from, int max, long durable) throws LogException {
        if (from < 0 || max < 0) {
            throw new IllegalArgumentException("no entries from " + from + ", " + max + " of them");
        }
        List<byte[]> entries = new ArrayList<>();
        if (from >= durable) {
            return entries;
        }
        cursor.refresh();
        cursor.seek(from);
        while (entries.size() < max && cursor.index() < durable) {
            cursor.next();
            entries.add(cursor.entry());
        }
        return entries;
    }

    public List<SignedHead> headsAfter(long size) throws LogException {
        return heads.after(size, mark);
    }

    /** The last one that is durable. */
    public Optional<SignedHead> lastHead() throws LogException {
        return heads.last(mark);
    }

    @Override
    public void close() throws LogException {
        cursor.close();
    }
}
