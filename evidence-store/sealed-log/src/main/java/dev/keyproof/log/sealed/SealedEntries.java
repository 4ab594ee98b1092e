package dev.keyproof.log.sealed;

import dev.keyproof.log.LogCorruptException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.store.EntryCursor;
import dev.keyproof.log.store.StoreLayout;
import dev.keyproof.log.store.StoreReader;
import dev.keyproof.log.tile.TilePath;
import dev.keyproof.log.tile.TileReader;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads entries and serves them only if they are what was sealed. Those that are durable and not sealed yet are served as they are; the
 * next head is signed only over what the commits say. Not for several threads.
 */
final class SealedEntries implements AutoCloseable {
    private final StoreLayout layout;
    private final TileReader published;
    private final EntryCursor cursor;
    private final TreeHasher hasher = new TreeHasher();
    private @Nullable SealedTiles tiles;

    SealedEntries(StoreLayout layout, TileReader published) {
        this.layout = layout;
        this.published = published;
        this.cursor = new EntryCursor(layout);
    }

    /**
     * Entries below {@code durable} from {@code from} on.
     *
     * @param head the last one, which these entries are held against
     * @throws LogCorruptException naming the first entry that is not what was sealed, and its place
     * @throws LogException if they cannot be read, or a damaged tile hides what was sealed
     */
    List<byte[]> read(long from, int max, long durable, Optional<SignedHead> head) throws LogException {
        List<byte[]> entries = StoreReader.read(cursor, from, max, durable);
        if (head.isPresent()) {
            SealedTiles sealed = tiles(head.get());
            for (int i = 0; i < entries.size() && from + i < sealed.size(); i++) {
                check(sealed, from + i, entries.get(i));
            }
        }
        return entries;
    }

    private SealedTiles tiles(SignedHead head) {
        SealedTiles known = tiles;
        if (known == null || known.size() != head.size()) {
            known = known == null || known.size() > head.size()
                    ? new SealedTiles(published, head.checkpoint())
                    : known.extended(head.checkpoint());
            tiles = known;
        }
        return known;
    }

    private void check(SealedTiles sealed, long index, byte[] entry) throws LogException {
        Hash expected;
        try {
            expected = sealed.leaf(index);
        } catch (LogException e) {
            // A derived file must not keep an entry back that proves itself with its neighbours.
            bundle(sealed, index, e);
            return;
        }
        if (!expected.equals(hasher.leaf(entry))) {
            throw altered(index);
        }
    }

    private void bundle(SealedTiles sealed, long index, LogException damaged) throws LogException {
        TilePath path = TilePath.in(0, index / TilePath.WIDTH, sealed.size());
        byte[] leaves = new byte[path.width() * Hash.LENGTH];
        try (EntryCursor neighbours = new EntryCursor(layout)) {
            neighbours.seek(path.index() * TilePath.WIDTH);
            for (int i = 0; i < path.width(); i++) {
                neighbours.next();
                hasher.leaf(neighbours.array(), neighbours.at(), neighbours.length(), leaves, i * Hash.LENGTH);
            }
        }
        if (!sealed.isSealed(path, leaves)) {
            throw new LogCorruptException(
                    layout.segment(index) + ": entry " + index + " cannot be held against what was sealed: "
                            + damaged.getMessage() + "; 'log fsck' says what is damaged, 'log rebuild' repairs tiles",
                    damaged);
        }
    }

    private LogCorruptException altered(long index) {
        return new LogCorruptException(layout.segment(index) + ": entry " + index + " is not what was sealed");
    }

    /** Says where the first entry is that is not what was sealed; empty if the tiles cannot tell. */
    Optional<String> firstAltered(SignedHead head) {
        SealedTiles sealed = new SealedTiles(published, head.checkpoint());
        try {
            cursor.refresh();
            cursor.seek(0);
            while (cursor.index() < head.size()) {
                long index = cursor.index();
                long at = cursor.offset();
                cursor.next();
                if (!sealed.leaf(index).equals(hasher.leaf(cursor.array(), cursor.at(), cursor.length()))) {
                    return Optional.of(
                            layout.segment(index) + ": entry " + index + " at byte " + at + " is not what was sealed");
                }
            }
            return Optional.empty();
        } catch (LogException e) {
            return Optional.ofNullable(e.getMessage());
        }
    }

    @Override
    public void close() throws LogException {
        cursor.close();
    }
}
