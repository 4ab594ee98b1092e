package dev.keyproof.evidence.pack;

import dev.keyproof.evidence.seal.Supports;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.log.LogException;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.verify.BrokenPackException;
import dev.keyproof.verify.Entry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The logs' entries, as packs read them. */
final class PackLogs {
    private static final int READ = 256;

    private final YearLogs logs;

    PackLogs(YearLogs logs) {
        this.logs = logs;
    }

    /** Takes an entry; says whether the next is wanted. */
    @FunctionalInterface
    interface EachEntry {
        boolean take(Entry entry) throws LogException, BrokenPackException;
    }

    /** The entries of a year from one on to another, exclusive, as long as they are wanted; {@code parsed} if each will be looked into. */
    void each(int year, long from, long to, boolean parsed, EachEntry each)
            throws LogException, BrokenPackException, EvidenceException {
        SealedLog log = of(year);
        long index = from;
        while (index < to) {
            List<byte[]> read = log.read(index, (int) Math.min(READ, to - index));
            if (read.isEmpty()) {
                throw new EvidenceException("the log of " + year + " ends at " + index + ", before its signed size");
            }
            List<Entry> entries = new ArrayList<>(read.size());
            for (byte[] bytes : read) {
                entries.add(new Entry("log/" + year, index, bytes));
                index++;
            }
            if (parsed) {
                Entry.parse(entries);
            }
            for (Entry entry : entries) {
                if (!each.take(entry)) {
                    return;
                }
            }
        }
    }

    /** One entry. */
    Entry at(Supports.Place place) throws LogException, EvidenceException {
        List<byte[]> read = of(place.year()).read(place.index(), 1);
        if (read.isEmpty()) {
            throw new EvidenceException("the log of " + place.year() + " ends before entry " + place.index());
        }
        return new Entry("log/" + place.year(), place.index(), read.getFirst());
    }

    /** The years of which there is a log. */
    Set<Integer> years() {
        return logs.all().keySet();
    }

    SealedLog of(int year) throws EvidenceException {
        SealedLog log = logs.all().get(year);
        if (log == null) {
            throw new EvidenceException("there is no log of " + year);
        }
        return log;
    }

    Path folder(int year) {
        return logs.folder(year);
    }
}
