package dev.keyproof.log.drill;

import dev.keyproof.log.LogException;
import dev.keyproof.log.drill.Ledger.Acknowledged;
import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.sealed.SealedLog;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds a log against what its writers said: each acknowledged append is there, whole and in its place; no append is there twice; the
 * tree has every released root at its size. Goes on where it ended the last time: that what it saw before is still there is shown by the
 * root. Not for several threads.
 */
final class LedgerCheck {
    private static final int READ = 4096;

    private final Ledger ledger;
    private final CompactRange tree = new CompactRange();
    private final Set<String> seen = new HashSet<>();
    private final List<String> lost = new ArrayList<>();
    private final List<String> doubled = new ArrayList<>();
    private final List<String> unAncestored = new ArrayList<>();
    private final List<String> others = new ArrayList<>();

    /** The append whose entries are being read, and where it began. */
    private @Nullable DrillEntry reading;

    private long began;

    LedgerCheck(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * Checks what is new in a log that was opened, and so recovered.
     *
     * @throws LogException if it cannot be read
     */
    void run(SealedLog log) throws LogException {
        long before = tree.size();
        if (log.size() < before) {
            lost.add("the log has " + log.size() + " entries, it had " + before + " when it was checked last");
            return;
        }
        heads(before);
        while (tree.size() < log.size()) {
            List<byte[]> entries = log.read(tree.size(), READ);
            if (entries.isEmpty()) {
                lost.add("entry " + tree.size() + " of " + log.size() + " cannot be read");
                return;
            }
            for (byte[] entry : entries) {
                entry(entry);
                tree.append(entry, 0, entry.length);
                heads(tree.size());
            }
        }
        finish(log);
    }

    private void entry(byte[] bytes) {
        DrillEntry entry = DrillEntry.parse(bytes).orElse(null);
        if (entry == null) {
            others.add("entry " + tree.size() + " was never appended");
            return;
        }
        DrillEntry before = reading;
        if (before != null && !entry.equals(new DrillEntry(before.append(), before.place() + 1, before.of()))) {
            lost.add("append " + before.append() + " at entry " + began + " is not whole");
            before = null;
        }
        if (before == null) {
            began = tree.size();
            if (!seen.add(entry.append())) {
                doubled.add("append " + entry.append() + " is there again at entry " + tree.size());
            }
            if (entry.place() != 0) {
                lost.add("append " + entry.append() + " begins with its entry " + entry.place());
            }
        }
        reading = entry.place() + 1 < entry.of() ? entry : null;
        if (reading == null) {
            whole(entry);
        }
    }

    private void whole(DrillEntry last) {
        Acknowledged acknowledged = ledger.acknowledged().remove(began);
        if (acknowledged != null
                && (acknowledged.to() != tree.size() + 1
                        || !acknowledged.append().equals(last.append()))) {
            lost.add("append " + acknowledged.append() + " was acknowledged as " + began + " to " + acknowledged.to()
                    + ", " + last.append() + " is there");
        }
    }

    private void heads(long size) {
        String root = ledger.heads().remove(size);
        if (root != null && !root.equals(tree.root().hex())) {
            unAncestored.add("the head over " + size + " was released with root " + root + ", the tree has "
                    + tree.root().hex());
        }
    }

    private void finish(SealedLog log) {
        DrillEntry open = reading;
        if (open != null) {
            lost.add("append " + open.append() + " at entry " + began + " is not whole");
        }
        for (Map.Entry<Long, Acknowledged> left : ledger.acknowledged().entrySet()) {
            lost.add("append " + left.getValue().append() + " was acknowledged at entry " + left.getKey()
                    + " and is not there");
        }
        ledger.acknowledged().clear();
        for (Map.Entry<Long, String> left : ledger.heads().entrySet()) {
            unAncestored.add("the head over " + left.getKey() + " was released, the log has " + log.size());
        }
        ledger.heads().clear();
        if (!log.root().equals(tree.root())) {
            others.add("the log's root over " + log.size() + " is not that of its entries");
        }
        String positions = new String(log.positions(), StandardCharsets.UTF_8);
        if (log.size() > 0 && !seen.contains(positions)) {
            others.add("the positions are those of " + positions + ", which is not there");
        }
    }

    /** Entries checked so far. */
    long size() {
        return tree.size();
    }

    /** Acknowledged appends that are missing, torn or elsewhere. */
    List<String> lost() {
        return List.copyOf(lost);
    }

    /** Appends that are there more than once. */
    List<String> doubled() {
        return List.copyOf(doubled);
    }

    /** Released heads that are no ancestor of the tree. */
    List<String> unAncestored() {
        return List.copyOf(unAncestored);
    }

    /** What else is wrong. */
    List<String> others() {
        return List.copyOf(others);
    }

    /** All that is wrong, those three included. */
    List<String> faults() {
        List<String> all = new ArrayList<>(lost);
        all.addAll(doubled);
        all.addAll(unAncestored);
        all.addAll(others);
        return all;
    }
}
