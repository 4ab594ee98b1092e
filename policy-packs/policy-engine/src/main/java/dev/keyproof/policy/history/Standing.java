package dev.keyproof.policy.history;

/**
 * The state that a key is in, as far as it was told.
 *
 * @param since milliseconds since 1970
 * @param before the state before it; empty where that is not known
 */
public record Standing(String state, long since, String before) {
    /** Of a key of which nothing was told. */
    public static final Standing UNKNOWN = new Standing("", Long.MAX_VALUE, "");

    /** Once the key was told to be in a state; unchanged by what is older. */
    public Standing then(String told, long at) {
        if (equals(UNKNOWN)) {
            return new Standing(told, at, "");
        }
        return told.equals(state) || at < since ? this : new Standing(told, at, state);
    }

    /** A use that began then, beside what the key was. */
    public KeyUses use(String operation, String decided, int version, int count, long began) {
        boolean now = began >= since;
        return new KeyUses(operation, now ? state : before, decided, version, count, began, now ? began - since : 0);
    }
}
