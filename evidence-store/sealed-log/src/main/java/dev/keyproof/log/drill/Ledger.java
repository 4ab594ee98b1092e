package dev.keyproof.log.drill;

import dev.keyproof.log.EntryRange;
import dev.keyproof.log.note.SignedHead;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What the writers of one log said before they died: ranges acknowledged and heads released. Not for several threads. */
final class Ledger {
    /** Ends each line: one that a kill cut short was not heard. */
    private static final String END = ".";

    /** An append that was acknowledged. */
    record Acknowledged(long to, String append) {}

    private final NavigableMap<Long, Acknowledged> acknowledged = new TreeMap<>();
    private final NavigableMap<Long, String> heads = new TreeMap<>();
    private long appends;
    private long headsHeard;

    /** The line by which a writer acknowledges an append that has entries. */
    static String acknowledged(EntryRange range, String append) {
        return String.join(" ", "ack", Long.toString(range.from()), Long.toString(range.to()), append, END);
    }

    /** The line by which a writer releases a head. */
    static String released(SignedHead head) {
        return String.join(
                " ",
                "head",
                Long.toString(head.size()),
                head.checkpoint().root().hex(),
                END);
    }

    /**
     * Takes a line; others than the two kinds, and torn ones, are passed over.
     *
     * @return true if it was one of them
     */
    boolean hear(String line) {
        String[] words = line.split(" ", -1);
        if (words.length == 5 && words[0].equals("ack") && words[4].equals(END)) {
            acknowledged.put(Long.parseLong(words[1]), new Acknowledged(Long.parseLong(words[2]), words[3]));
            appends++;
            return true;
        }
        if (words.length == 4 && words[0].equals("head") && words[3].equals(END)) {
            heads.put(Long.parseLong(words[1]), words[2]);
            headsHeard++;
            return true;
        }
        return false;
    }

    NavigableMap<Long, Acknowledged> acknowledged() {
        return acknowledged;
    }

    NavigableMap<Long, String> heads() {
        return heads;
    }

    /** Appends heard of, over all runs. */
    long appends() {
        return appends;
    }

    /** Heads heard of, over all runs. */
    long headsHeard() {
        return headsHeard;
    }
}
