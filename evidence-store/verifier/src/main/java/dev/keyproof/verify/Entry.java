package dev.keyproof.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An entry proven to be in a log. Used by one thread at a time. */
public final class Entry {
    /** Of bytes that are parsed ahead at once: as trees they take some ten times the room. */
    private static final long MOST_AHEAD = 4L << 20;

    private final String log;
    private final long index;
    private final byte[] bytes;
    private boolean read;
    private @Nullable ObjectNode json;

    /**
     * An entry.
     *
     * @param log the log's folder in the pack
     * @param index its place in the log
     * @param bytes its bytes; not to be changed
     */
    public Entry(String log, long index, byte[] bytes) {
        this.log = log;
        this.index = index;
        this.bytes = bytes;
    }

    public String log() {
        return log;
    }

    public long index() {
        return index;
    }

    public byte[] bytes() {
        return bytes;
    }

    /** The object that it holds, parsed once however many ask; not to be changed. Empty if it holds none. */
    public Optional<ObjectNode> json() {
        if (!read) {
            json = CanonicalJson.object(bytes).orElse(null);
            read = true;
        }
        return Optional.ofNullable(json);
    }

    /** Parses some on all processors before they are looked at one by one, unless they are large. */
    public static void parse(List<Entry> entries) {
        if (entries.stream().mapToLong(entry -> entry.bytes.length).sum() <= MOST_AHEAD) {
            entries.parallelStream().forEach(Entry::parsed);
        }
    }

    /** What a reader stumbles over is met again, and told, where the entry is looked at. */
    private void parsed() {
        try {
            json();
        } catch (RuntimeException | StackOverflowError e) {
            read = false;
        }
    }
}
