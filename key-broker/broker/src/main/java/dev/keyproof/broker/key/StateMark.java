package dev.keyproof.broker.key;

/**
 * A state that the database was in.
 *
 * @param revision how many changes it had seen
 * @param mark drawn at random when the last of them was made; another history has another one there
 */
public record StateMark(long revision, String mark) {
    /** Before anything was seen: every history begins here. */
    public static final StateMark NONE = new StateMark(-1, "");
}
