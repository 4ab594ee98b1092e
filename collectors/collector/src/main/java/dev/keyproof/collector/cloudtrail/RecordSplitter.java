package dev.keyproof.collector.cloudtrail;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Cuts {@code {"Records":[...]}} into the bytes of its elements while it streams, so that one bad element costs only itself
 * and a file that breaks off yields what stands before the break. Memory is bounded by {@link #MAX_ELEMENT}.
 */
final class RecordSplitter {
    /** Larger than any record CloudTrail writes (256 KiB); an element that does not end within it is damaged. */
    static final int MAX_ELEMENT = 1 << 20;

    /** After so many damaged elements the rest counts as one: a hostile file must not cost a search for each of its bytes. */
    private static final int MAX_BROKEN = 64;

    private static final byte[] RECORD_START = "{\"eventVersion\"".getBytes(StandardCharsets.UTF_8);

    private final PushbackInputStream in;
    private long offset;
    private long index;
    private int broken;
    private boolean started;
    private boolean ended;
    private @Nullable String fault;

    /** @param in the object's content, no longer compressed */
    RecordSplitter(InputStream in) {
        this.in = new PushbackInputStream(in, MAX_ELEMENT + 1);
    }

    /**
     * One element of the array, or what could not be cut into one.
     *
     * @param index its number in the file, from 0
     * @param offset of its first byte in the content
     * @param whole false where it does not end, or not within the limit
     */
    record Element(long index, long offset, byte[] bytes, boolean whole) {}

    /** The next element, null after the last. */
    @Nullable Element next() {
        try {
            if (!started) {
                started = true;
                if (!findRecords()) {
                    return end("there is no array of Records");
                }
            }
            if (ended) {
                return null;
            }
            int c = skipBlanksAndCommas();
            if (c == ']') {
                return finish();
            }
            if (c < 0) {
                return end("the array of Records does not end");
            }
            return element(c);
        } catch (IOException e) {
            return end(reason(e));
        }
    }

    /** Why the file ends where it does, if not at its proper end; known after {@link #next} gave null. */
    @Nullable String fault() {
        return fault;
    }

    /** Bytes of content seen. */
    long offset() {
        return offset;
    }

    private @Nullable Element end(String why) {
        ended = true;
        fault = fault == null ? why : fault;
        return null;
    }

    /** Reads what follows the array, for only at its end does gzip compare its checksum. */
    private @Nullable Element finish() throws IOException {
        ended = true;
        int last = ']';
        for (int c = read(); c >= 0; c = read()) {
            last = c > ' ' ? c : last;
        }
        return last == '}' ? null : end("the file does not end");
    }

    private static String reason(IOException e) {
        if (e instanceof EOFException) {
            return "the file is truncated";
        }
        return e instanceof ZipException ? "the file's compression is damaged" : "the file cannot be read to its end";
    }

    private int read() throws IOException {
        int c = in.read();
        if (c >= 0) {
            offset++;
        }
        return c;
    }

    private int skipBlanksAndCommas() throws IOException {
        int c = read();
        while (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == ',') {
            c = read();
        }
        return c;
    }

    /** Moves behind the bracket that opens {@code Records} at the top level. */
    private boolean findRecords() throws IOException {
        int c = read();
        if (c == 0xEF && read() == 0xBB && read() == 0xBF) {
            c = read();
        }
        while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
            c = read();
        }
        if (c != '{') {
            return false;
        }
        int depth = 1;
        boolean named = false;
        for (c = read(); c >= 0 && depth > 0; c = read()) {
            switch (c) {
                case '"' -> {
                    String text = string();
                    named = depth == 1 && text.equals("Records");
                }
                case '[' -> {
                    if (named) {
                        return true;
                    }
                    depth++;
                }
                case '{' -> {
                    named = false;
                    depth++;
                }
                case '}', ']' -> depth--;
                case ':', ' ', '\n', '\r', '\t' -> {
                    // Between a name and its value.
                }
                default -> named = false;
            }
        }
        return false;
    }

    /** A string up to its closing quote, at most 64 bytes of it kept. */
    private String string() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int c = read(); c >= 0 && c != '"'; c = read()) {
            if (text.size() < 64) {
                text.write(c);
            }
            if (c == '\\' && read() < 0) {
                break;
            }
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private Element element(int first) throws IOException {
        long start = offset - 1;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(2048);
        bytes.write(first);
        boolean whole;
        try {
            whole = (first == '{' || first == '[') ? balanced(bytes) : scalar(bytes);
        } catch (IOException e) {
            // What was read before the break is kept; the break itself is told once the elements are out.
            ended = true;
            fault = reason(e);
            whole = false;
        }
        if (!whole) {
            return broken(start, bytes.toByteArray());
        }
        return new Element(index++, start, bytes.toByteArray(), true);
    }

    private boolean balanced(ByteArrayOutputStream bytes) throws IOException {
        int depth = 1;
        boolean quoted = false;
        while (bytes.size() < MAX_ELEMENT) {
            int c = read();
            if (c < 0) {
                return false;
            }
            bytes.write(c);
            if (quoted) {
                if (c == '\\') {
                    int escaped = read();
                    if (escaped < 0) {
                        return false;
                    }
                    bytes.write(escaped);
                } else if (c == '"') {
                    quoted = false;
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if ((c == '}' || c == ']') && --depth == 0) {
                return true;
            }
        }
        return false;
    }

    private boolean scalar(ByteArrayOutputStream bytes) throws IOException {
        while (bytes.size() < MAX_ELEMENT) {
            int c = read();
            if (c < 0) {
                return false;
            }
            if (c == ',' || c == ']') {
                in.unread(c);
                offset--;
                return true;
            }
            bytes.write(c);
        }
        return false;
    }

    /** A lost quote swallows its neighbours: goes on where the next record seems to begin, if one does. */
    private Element broken(long start, byte[] bytes) throws IOException {
        int next = indexOf(bytes, RECORD_START, 1);
        if (++broken >= MAX_BROKEN) {
            end("too many records of the file are damaged");
            next = -1;
        }
        if (next < 0) {
            return new Element(index++, start, bytes, false);
        }
        int rest = bytes.length - next;
        in.unread(bytes, next, rest);
        offset -= rest;
        if (fault != null) {
            // The stream behind it is broken, what was pushed back is not.
            ended = false;
        }
        return new Element(index++, start, Arrays.copyOf(bytes, next), false);
    }

    private static int indexOf(byte[] text, byte[] wanted, int from) {
        for (int i = from; i <= text.length - wanted.length; i++) {
            int j = 0;
            while (j < wanted.length && text[i + j] == wanted[j]) {
                j++;
            }
            if (j == wanted.length) {
                return i;
            }
        }
        return -1;
    }
}
