package dev.keyproof.verify;

import dev.keyproof.log.merkle.Hash;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Logs as other packs proved them, that those of one pack are compared with. Used by one thread. */
final class KnownHeads {
    private final List<Head> heads;
    private final Set<Head> compared = new HashSet<>();

    /**
     * A log at one size.
     *
     * @param pack the name of the pack that proved it
     */
    record Head(String pack, String origin, long size, Hash root) {}

    KnownHeads(List<Head> heads) {
        this.heads = List.copyOf(heads);
    }

    /** Those of a pack. */
    static Stream<Head> of(String pack, Summary summary) {
        return summary.logs().stream()
                .map(log -> new Head(
                        pack,
                        log.origin(),
                        log.size(),
                        Hash.of(Base64.getDecoder().decode(log.root()))));
    }

    /** Those of a log. */
    List<Head> of(String origin) {
        return heads.stream().filter(head -> head.origin.equals(origin)).toList();
    }

    /** The log has had this root at the head's size: a fault unless it is the head's. */
    void compare(Head head, Hash root, String file) throws BrokenPackException {
        compared.add(head);
        if (!root.equals(head.root)) {
            throw BrokenPackException.of(
                    Reason.LOG_FORKED,
                    file,
                    "this log of " + head.origin + " and that in " + head.pack + " differ within their first "
                            + head.size + " entries: one of them was rewritten");
        }
    }

    boolean compared(Head head) {
        return compared.contains(head);
    }
}
