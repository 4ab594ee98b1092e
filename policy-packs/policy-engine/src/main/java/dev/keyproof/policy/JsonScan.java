package dev.keyproof.policy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One way through a JSON text (RFC 8259) that notes where stands what is asked. Takes no more than what every parser reads alike: it gives up at
 * names that are escaped or stand twice where they are asked, at deep nesting, and where the text is not JSON in UTF-8.
 */
final class JsonScan {
    private static final int DEEPEST = 64;
    /** Of names and numbers; what is longer, parsers may refuse. */
    private static final int LONGEST = 500;

    /** Eight letters at a time. */
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long EACH = 0x0101_0101_0101_0101L;
    private static final long HIGH = 0x8080_8080_8080_8080L;
    private static final Asked[] NONE = {};

    private final byte[] text;
    /** Where each place begins that is asked, by its number; -1 where it was not found. */
    private final int[] from;
    /** And before what it ends. */
    private final int[] to;

    private int at;
    private boolean ascii = true;
    /** Whether the string before had an escape. */
    private boolean escaped;

    JsonScan(byte[] text, int places) {
        this.text = text;
        this.from = new int[places];
        this.to = new int[places];
        Arrays.fill(from, -1);
    }

    /** Goes through all of the text; whether it can be relied upon. Once. */
    boolean finds(Asked root) {
        space();
        if (!asked(root, 0)) {
            return false;
        }
        space();
        return at == text.length && (ascii || isUtf8());
    }

    private boolean isUtf8() {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    boolean found(Asked place) {
        return found(place.number());
    }

    boolean found(int place) {
        return from[place] >= 0;
    }

    int from(Asked place) {
        return from[place.number()];
    }

    int to(Asked place) {
        return to[place.number()];
    }

    /** Zero at the end, which is no letter of JSON. */
    private byte next() {
        return at < text.length ? text[at] : 0;
    }

    private void space() {
        // Nearly always there is none.
        if (at < text.length && text[at] > ' ') {
            return;
        }
        while (at < text.length && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) {
            at++;
        }
    }

    private boolean asked(Asked place, int depth) {
        int number = place.number();
        if (from[number] >= 0) {
            return false;
        }
        from[number] = at;
        boolean taken = next() == '{' ? object(place.fields(), depth) : value(depth);
        to[number] = at;
        return taken;
    }

    private boolean value(int depth) {
        return switch (next()) {
            case '{' -> object(NONE, depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        };
    }

    private boolean object(Asked[] fields, int depth) {
        if (depth == DEEPEST) {
            return false;
        }
        at++;
        space();
        if (next() == '}') {
            at++;
            return true;
        }
        while (true) {
            int name = at;
            if (next() != '"' || !string() || at - name > LONGEST) {
                return false;
            }
            int end = at;
            space();
            if (next() != ':') {
                return false;
            }
            at++;
            space();
            if (!field(fields, name + 1, end - 1, depth + 1)) {
                return false;
            }
            space();
            byte after = next();
            at++;
            if (after == '}') {
                return true;
            } else if (after != ',') {
                return false;
            }
            space();
        }
    }

    private boolean field(Asked[] fields, int name, int end, int depth) {
        if (escaped && fields.length > 0) {
            return false;
        }
        for (Asked field : fields) {
            if (field.isNamed(text, name, end)) {
                return asked(field, depth);
            }
        }
        return value(depth);
    }

    private boolean array(int depth) {
        if (depth == DEEPEST) {
            return false;
        }
        at++;
        space();
        if (next() == ']') {
            at++;
            return true;
        }
        while (true) {
            if (!value(depth + 1)) {
                return false;
            }
            space();
            byte after = next();
            at++;
            if (after == ']') {
                return true;
            } else if (after != ',') {
                return false;
            }
            space();
        }
    }

    private boolean string() {
        int here = at + 1;
        escaped = false;
        while (true) {
            here = plain(here);
            if (here >= text.length) {
                return false;
            }
            byte letter = text[here++];
            if (letter == '"') {
                at = here;
                return true;
            } else if (letter < 0) {
                ascii = false;
            } else if (letter < ' ') {
                return false;
            } else if (letter == '\\') {
                escaped = true;
                int length = escape(here);
                if (length == 0) {
                    return false;
                }
                here += length;
            }
        }
    }

    /** Goes on over letters of ASCII that mean themselves, by eights as long as there are eight. */
    private int plain(int from) {
        int here = from;
        for (; here <= text.length - Long.BYTES; here += Long.BYTES) {
            long letters = (long) EIGHT.get(text, here);
            long quote = letters ^ ('"' * EACH);
            long backslash = letters ^ ('\\' * EACH);
            // The lowest high bit that is set is that of the first letter that is none of these; those above it may be
            // wrong.
            long other = (((quote - EACH) & ~quote)
                            | ((backslash - EACH) & ~backslash)
                            | ((letters - ' ' * EACH) & ~letters)
                            | letters)
                    & HIGH;
            if (other != 0) {
                return here + Long.numberOfTrailingZeros(other) / Byte.SIZE;
            }
        }
        return here;
    }

    /** How long what follows a backslash is; 0 for what must not. */
    private int escape(int here) {
        if (here >= text.length) {
            return 0;
        }
        return switch (text[here]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> 1;
            case 'u' -> hexadecimal(here + 1, here + 5) ? 5 : 0;
            default -> 0;
        };
    }

    private boolean hexadecimal(int from, int to) {
        for (int i = from; i < to; i++) {
            if (i >= text.length || Character.digit(text[i], 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private boolean word(String word) {
        for (int i = 0; i < word.length(); i++, at++) {
            if (next() != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean number() {
        int begun = at;
        if (next() == '-') {
            at++;
        }
        if (next() == '0') {
            at++;
        } else if (!digits()) {
            return false;
        }
        if (next() == '.') {
            at++;
            if (!digits()) {
                return false;
            }
        }
        if (next() == 'e' || next() == 'E') {
            at++;
            if (next() == '+' || next() == '-') {
                at++;
            }
            if (!digits()) {
                return false;
            }
        }
        return at - begun <= LONGEST;
    }

    private boolean digits() {
        int begun = at;
        while (next() >= '0' && next() <= '9') {
            at++;
        }
        return at > begun;
    }
}
