package dev.keyproof.log.store;

import dev.keyproof.log.LogCorruptException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.CompactRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Back to the last valid commit: its slot is whole and its entries hash to its root. Slots are written after their entries and one at a
 * time, so a crash can spoil no more than the last; what is worse is damage, and recovery refuses to go on.
 */
final class Recovery {
    private static final System.Logger LOG = System.getLogger(Recovery.class.getName());

    /** What must be there: entries under a signed head, and entries that were acknowledged. */
    private record Floor(long signed, long acknowledged) {
        Committed holds(StoreLayout layout, Committed commit, List<String> faults) throws LogCorruptException {
            if (commit.size() < signed || commit.size() < acknowledged) {
                throw new LogCorruptException(layout.dir() + " can be recovered to entry " + commit.size()
                        + " only, but a head over " + signed + " was signed and " + acknowledged
                        + " entries were acknowledged; not started: "
                        + (faults.isEmpty()
                                ? layout.commits() + ": no commit follows commit " + commit.sequence()
                                : String.join("; ", faults)));
            }
            return commit;
        }
    }

    private Recovery() {}

    static Committed recover(StoreLayout layout, long signed) throws LogException {
        try {
            // After a crash of the machine this may be less than was acknowledged, never more.
            long acknowledged = DurableMark.read(layout.durable()).size();
            Committed last = lastValid(layout, CommitFile.read(layout.commits()), new Floor(signed, acknowledged));
            tidy(layout, last);
            removeAfter(layout, last);
            return last;
        } catch (IOException e) {
            throw new LogException("cannot recover " + layout.dir(), e);
        }
    }

    private static Committed lastValid(StoreLayout layout, CommitFile.Content content, Floor floor)
            throws LogException, IOException {
        List<Committed> commits = content.commits();
        if (content.faults().size() > 1) {
            throw new LogCorruptException("more than the last commit is damaged, not started: " + content.faults());
        }
        if (commits.isEmpty()) {
            return floor.holds(layout, Committed.nothing(), content.faults());
        }
        Committed newest = commits.getLast();
        Committed before = commits.size() > 1 ? commits.get(commits.size() - 2) : Committed.nothing();
        Committed valid = newest;
        String fault = leads(layout, before, newest);
        if (!fault.isEmpty()) {
            if (newest.sequence() != before.sequence() + 1) {
                throw new LogCorruptException("damaged in more than the last commit, not started: " + fault);
            }
            valid = floor.holds(layout, before, List.of(fault));
            checkBefore(layout, commits, before);
            LOG.log(System.Logger.Level.WARNING, "recovered to commit " + before.sequence() + ": " + fault);
        }
        return floor.holds(layout, valid, content.faults());
    }

    /** With the newest commit dropped, the one before must be beyond doubt. */
    private static void checkBefore(StoreLayout layout, List<Committed> commits, Committed before) throws LogException {
        if (before.sequence() == 0) {
            return;
        }
        Committed earlier = commits.size() > 2 ? commits.get(commits.size() - 3) : Committed.nothing();
        String fault = leads(layout, earlier, before);
        if (!fault.isEmpty()) {
            throw new LogCorruptException("damaged in more than the last commit, not started: " + fault);
        }
    }

    /** Empty if the entries between two commits lead from one tree to the other; else what is wrong, and where. */
    static String leads(StoreLayout layout, Committed from, Committed to) {
        try (EntryCursor cursor = new EntryCursor(layout)) {
            CompactRange tree = CompactRange.of(from.size(), from.frontier());
            cursor.seek(from.size(), from.end());
            while (tree.size() < to.size()) {
                cursor.next();
                tree.append(cursor.array(), cursor.at(), cursor.length());
            }
            if (!tree.root().equals(to.root())) {
                return layout.segment(from.size()) + ": entries " + from.size() + " to " + to.size() + " from byte "
                        + from.end() + " do not hash to the root of commit " + to.sequence();
            }
            return "";
        } catch (LogException e) {
            return e.getMessage() == null ? e.toString() : e.getMessage();
        }
    }

    /** A slot that is torn, or older than what matters and damaged, must not be taken for anything later. */
    private static void tidy(StoreLayout layout, Committed valid) throws IOException {
        try (CommitFile file = CommitFile.open(layout.commits())) {
            file.erase(valid.sequence() + 1);
            for (String fault : file.eraseDamaged()) {
                LOG.log(System.Logger.Level.WARNING, "erased: " + fault);
            }
        }
    }

    private static void removeAfter(StoreLayout layout, Committed last) throws IOException {
        Path kept = layout.segment(last.size());
        List<Path> later;
        try (Stream<Path> segments = Files.list(layout.segments())) {
            later = segments.filter(path -> path.compareTo(kept) > 0).toList();
        }
        for (Path path : later) {
            Files.delete(path);
        }
    }
}
