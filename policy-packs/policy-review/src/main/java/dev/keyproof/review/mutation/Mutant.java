package dev.keyproof.review.mutation;

/**
 * One small change of a policy.
 *
 * @param file relative to the policy's folder
 * @param row line, from 1
 * @param column from 1
 * @param before what stands there
 * @param after what would
 */
public record Mutant(String file, int row, int column, String before, String after) {
    String folder() {
        return file.substring(0, file.lastIndexOf('/') + 1);
    }

    /** The file's text with the change. */
    String in(String text) {
        int at = 0;
        for (int line = 1; line < row; line++) {
            at = text.indexOf('\n', at) + 1;
        }
        at += column - 1;
        if (!text.startsWith(before, at)) {
            throw new IllegalStateException(this + " does not stand there");
        }
        return text.substring(0, at) + after + text.substring(at + before.length());
    }

    @Override
    public String toString() {
        return file + ":" + row + ":" + column + ": " + before.strip() + " -> "
                + (after.isEmpty() ? "nothing" : after.strip());
    }
}
