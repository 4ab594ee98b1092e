package dev.keyproof.launcher.parts;

/**
 * How a part says it is.
 *
 * @param up whether it does its work
 * @param detail a few words, or what it answered
 */
public record Health(boolean up, String detail) {
    static Health up(String detail) {
        return new Health(true, detail);
    }

    static Health down(String detail) {
        return new Health(false, detail);
    }
}
