package dev.keyproof.log.store;

import dev.keyproof.log.LogException;
import dev.keyproof.log.note.SignedHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Follows the signed heads that another process stores. Not for several threads. */
final class HeadReader {
    private final StoreLayout layout;
    /** Where to go on, and the size of the head before it. */
    private long place;

    private long size;
    private HeadFile.@Nullable Head last;

    HeadReader(StoreLayout layout) {
        this.layout = layout;
    }

    List<SignedHead> after(long after, DurableMark mark) throws LogException {
        if (place == 0 || after < size) {
            place = HeadFile.begin(layout.heads(), mark.headPlaces(), after);
            size = 0;
        }
        List<SignedHead> heads = new ArrayList<>();
        HeadFile.walk(layout.heads(), place, mark.headsEnd(), head -> {
            if (head.signed().size() > after) {
                heads.add(head.signed());
            } else {
                place = head.end();
                size = head.signed().size();
            }
        });
        return heads;
    }

    Optional<SignedHead> last(DurableMark mark) throws LogException {
        long end = mark.headsEnd();
        if (last == null) {
            last = HeadFile.last(layout.heads(), mark.headPlaces(), end).orElse(null);
        } else {
            HeadFile.walk(layout.heads(), last.end(), end, head -> last = head);
        }
        return Optional.ofNullable(last).map(HeadFile.Head::signed);
    }
}
