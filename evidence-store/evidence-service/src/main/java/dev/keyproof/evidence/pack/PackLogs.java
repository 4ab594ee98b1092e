package dev.keyproof.evidence.pack;

import dev.keyproof.evidence.seal.DroppedYears;
import dev.keyproof.evidence.seal.Remains;
import dev.keyproof.evidence.seal.Supports;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.log.LogException;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.verify.BrokenPackException;
import dev.keyproof.verify.Entry;
import dev.keyproof.verify.SingleRecords;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The logs' entries, as packs read them. */
final class PackLogs {
    private static final int READ = 256;

    private final YearLogs logs;
    private final DroppedYears dropped;

    PackLogs(YearLogs logs, DroppedYears dropped) {
        this.logs = logs;
        this.dropped = dropped;
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

    /** One entry, also of a dropped year if it remains. */
    Entry at(Supports.Place place) throws LogException, EvidenceException {
        Optional<Remains.Kept> kept = kept(place);
        if (kept.isPresent()) {
            return new Entry("log/" + place.year(), place.index(), kept.get().entry());
        }
        List<byte[]> read = of(place.year()).read(place.index(), 1);
        if (read.isEmpty()) {
            throw new EvidenceException("the log of " + place.year() + " ends before entry " + place.index());
        }
        return new Entry("log/" + place.year(), place.index(), read.getFirst());
    }

    /** The line of one entry in a pack with a head of that size. */
    byte[] line(Supports.Place place, long size) throws LogException, EvidenceException {
        Optional<Remains.Kept> kept = kept(place);
        return SingleRecords.line(
                at(place),
                kept.isPresent() ? kept.get().proof() : of(place.year()).inclusionProof(place.index(), size));
    }

    private Optional<Remains.Kept> kept(Supports.Place place) {
        return logs.all().containsKey(place.year())
                ? Optional.empty()
                : dropped.remains().map(remains -> remains.records().get(place));
    }

    /** Whether the log of a year is here whole. */
    boolean isWhole(int year) {
        return logs.all().containsKey(year);
    }

    /** Whether an entry is at hand, be it of a dropped year. */
    boolean has(Supports.Place place) {
        return isWhole(place.year()) || kept(place).isPresent();
    }

    /** The years of which there is a log, or was. */
    Set<Integer> years() {
        Set<Integer> years = new TreeSet<>(logs.all().keySet());
        dropped.remains().ifPresent(remains -> years.addAll(remains.heads().keySet()));
        return years;
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
