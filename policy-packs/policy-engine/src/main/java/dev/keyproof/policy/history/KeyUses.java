package dev.keyproof.policy.history;

/**
 * Successful uses of one version of a key by one operation while the key was in one state.
 *
 * @param state the one that the record knew when the use began; empty where it knew none
 * @param decided the one that policy decided on; another where a change was not yet heard of, or not yet on the record
 * @param count items of batches count each
 * @param last when the last one began, milliseconds since 1970
 * @param after how long the key had been in that state at most when one began, in milliseconds
 */
public record KeyUses(String operation, String state, String decided, int version, long count, long last, long after) {
    /** What tells these from the key's other uses. */
    public String name() {
        return operation + ' ' + state + ' ' + decided + ' ' + version;
    }

    /** With those of another record of the same kind. */
    public KeyUses and(KeyUses more) {
        return new KeyUses(
                operation,
                state,
                decided,
                version,
                count + more.count,
                Math.max(last, more.last),
                Math.max(after, more.after));
    }
}
