package dev.keyproof.policy.plan;

import com.google.re2j.Pattern;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What {@code glob.match} understands, as a regular expression: {@code *} within what the delimiters part, {@code **} over them,
 * {@code ?} one character that is none, {@code [abc]}, {@code [a-z]}, {@code [!a]}, {@code {one,two}}, and {@code \} before what is meant as it
 * stands.
 */
final class Glob {
    private static final int END = -1;

    private final int[] pattern;
    /** Any one character but the delimiters. */
    private final String inner;

    private final StringBuilder out = new StringBuilder();
    private int at;

    private Glob(String pattern, String delimiters) {
        this.pattern = pattern.codePoints().toArray();
        this.inner = delimiters.isEmpty() ? "(?s:.)" : "[^" + quoted(delimiters) + "]";
    }

    /** A pattern with its delimiters, none for the empty string. */
    record Written(String pattern, String delimiters) {
        /** Empty where the delimiters are none: null for no delimiters, an array of characters, an empty one for the full stop. */
        static Optional<Written> of(String pattern, Value delimiters) {
            if (delimiters instanceof Nil) {
                return Optional.of(new Written(pattern, ""));
            }
            if (!(delimiters instanceof Arr array)
                    || !array.items().stream().allMatch(item -> item instanceof Text text && isOne(text.value()))) {
                return Optional.empty();
            }
            String all =
                    array.items().stream().map(item -> ((Text) item).value()).collect(Collectors.joining());
            return Optional.of(new Written(pattern, all.isEmpty() ? "." : all));
        }

        private static boolean isOne(String text) {
            return text.codePointCount(0, text.length()) == 1;
        }

        /** Empty where the pattern is none. */
        Optional<String> expression() {
            Glob glob = new Glob(pattern, delimiters);
            return glob.alternatives(0) ? Optional.of(glob.out.toString()) : Optional.empty();
        }
    }

    /** Up to the end, or within braces up to the closing one. */
    private boolean alternatives(int depth) {
        while (at < pattern.length) {
            int point = pattern[at++];
            switch (point) {
                case '*' -> {
                    if (next() == '*') {
                        at++;
                        out.append("(?s:.)*");
                    } else {
                        out.append(inner).append('*');
                    }
                }
                case '?' -> out.append(inner);
                case '\\' -> {
                    if (at == pattern.length) {
                        return false;
                    }
                    literal(pattern[at++]);
                }
                case '[' -> {
                    if (!characters()) {
                        return false;
                    }
                }
                case '{' -> {
                    out.append("(?:");
                    if (!alternatives(depth + 1)) {
                        return false;
                    }
                    out.append(')');
                }
                case '}' -> {
                    if (depth > 0) {
                        return true;
                    }
                    literal(point);
                }
                case ',' -> {
                    if (depth > 0) {
                        out.append('|');
                    } else {
                        literal(point);
                    }
                }
                default -> literal(point);
            }
        }
        return depth == 0;
    }

    /** A list of characters or one range, after the opening bracket. */
    private boolean characters() {
        out.append('[');
        if (next() == '!') {
            at++;
            out.append('^');
        }
        int first = at;
        for (; next() != ']'; at++) {
            int point = next();
            if (point == '\\') {
                at++;
                point = next();
            } else if (point == '-' && at > first && at + 1 < pattern.length && pattern[at + 1] != ']') {
                out.append('-');
                continue;
            }
            if (point == END) {
                return false;
            }
            out.append(quoted(Character.toString(point)));
        }
        boolean any = at > first;
        at++;
        out.append(']');
        return any;
    }

    private int next() {
        return at < pattern.length ? pattern[at] : END;
    }

    private void literal(int point) {
        out.append(Pattern.quote(Character.toString(point)));
    }

    /** Each character by its number, which means nothing else within brackets. */
    private static String quoted(String text) {
        return text.codePoints()
                .mapToObj(point -> String.format("\\x{%x}", point))
                .collect(Collectors.joining());
    }
}
