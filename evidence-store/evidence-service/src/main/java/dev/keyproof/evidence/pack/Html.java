package dev.keyproof.evidence.pack;

import java.util.Locale;
import java.util.stream.Collectors;

/** What stands in a page, made safe. Whatever comes out of entries is written by others and may be meant to mislead. */
final class Html {
    /** Names are short; what is longer is somebody's trick, and stands whole in the file that the page links to. */
    private static final int LONGEST = 160;

    private Html() {}

    /** As text or the value of a quoted attribute; what cannot be seen, such as a turn of direction, becomes a mark that can. */
    static String text(String any) {
        String shown = any.codePoints().limit(LONGEST).mapToObj(Html::point).collect(Collectors.joining());
        return any.codePointCount(0, any.length()) > LONGEST ? shown + "…" : shown;
    }

    /** A link to a file of the pack. */
    static String link(String file, String text) {
        return "<a href=\"" + text(file) + "\">" + text(text) + "</a>";
    }

    static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A number of things that take an s where they are not one. */
    static String count(long value, String thing) {
        return number(value) + " " + thing + (value == 1 ? "" : "s");
    }

    private static String point(int point) {
        return switch (point) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '"' -> "&quot;";
            case '\'' -> "&#39;";
            default -> isShown(point) ? Character.toString(point) : "\uFFFD";
        };
    }

    private static boolean isShown(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
