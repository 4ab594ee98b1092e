package dev.keyproof.broker.operation;

import dev.keyproof.broker.key.Key;
import dev.keyproof.broker.problem.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list of keys is asked for. Keys are in the order of their ids, which is that of their birth, so a page that was
 * read stays what it was.
 *
 * @param limit how many keys at most
 * @param after the cursor: keys after this one
 */
public record Page(@Nullable String limit, @Nullable String after) {
    /** As many as one answer has. */
    public static final int MOST = 1000;

    /** The keys of the page, and the cursor of the next one. */
    record Cut(List<Key> keys, @Nullable String next) {}

    Cut of(List<Key> all) throws ProblemException {
        int most = MOST;
        if (limit != null) {
            most = limit.matches("[0-9]{1,4}") ? Integer.parseInt(limit) : 0;
        }
        if (most < 1 || most > MOST) {
            throw Fields.invalid("limit: is not from 1 to " + MOST);
        }
        if (after != null && !after.matches("[0-9A-Z]{26}")) {
            throw Fields.invalid("after: is not what 'next' of a page said");
        }
        List<Key> rest = after == null
                ? all
                : all.stream().filter(key -> key.id().compareTo(after) > 0).toList();
        List<Key> page = rest.subList(0, Math.min(most, rest.size()));
        return new Cut(page, page.size() == rest.size() ? null : page.getLast().id());
    }
}
