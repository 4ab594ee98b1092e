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

    List<SignedHead> after(long after, long durableEnd) throws LogException {
        if (after < size) {
            place = 0;
            size = 0;
        }
        List<SignedHead> heads = new ArrayList<>();
        for (HeadFile.Head head : HeadFile.read(layout.heads(), place, durableEnd)) {
            if (head.signed().size() > after) {
                heads.add(head.signed());
            } else {
                place = head.end();
                size = head.signed().size();
            }
        }
        return heads;
    }

    Optional<SignedHead> last(long durableEnd) throws LogException {
        HeadFile.walk(layout.heads(), last == null ? 0 : last.end(), durableEnd, head -> last = head);
        return Optional.ofNullable(last).map(HeadFile.Head::signed);
    }
}
