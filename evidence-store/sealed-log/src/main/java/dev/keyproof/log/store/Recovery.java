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

    private Recovery() {}

    static Committed recover(StoreLayout layout, long signed) throws LogException {
        try {
            Committed last = lastValid(layout, CommitFile.read(layout.commits()), signed);
            removeAfter(layout, last);
            return last;
        } catch (IOException e) {
            throw new LogException("cannot recover " + layout.dir(), e);
        }
    }

    private static Committed lastValid(StoreLayout layout, CommitFile.Content content, long signed)
            throws LogException, IOException {
        List<Committed> commits = content.commits();
        if (content.faults().size() > 1) {
            throw new LogCorruptException("more than the last commit is damaged, not started: " + content.faults());
        }
        if (commits.isEmpty()) {
            return notBelow(layout, Committed.nothing(), signed, content.faults());
        }
        Committed newest = commits.getLast();
        Committed before = commits.size() > 1 ? commits.get(commits.size() - 2) : Committed.nothing();
        Committed valid = newest;
        String fault = leads(layout, before, newest);
        if (!fault.isEmpty()) {
            valid = notBelow(layout, before, signed, List.of(fault));
            checkBefore(layout, commits, before);
            LOG.log(System.Logger.Level.WARNING, "recovered to commit " + before.sequence() + ": " + fault);
        }
        notBelow(layout, valid, signed, content.faults());
        tidy(layout, valid, newest);
        return valid;
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

    private static Committed notBelow(StoreLayout layout, Committed commit, long signed, List<String> faults)
            throws LogCorruptException {
        if (commit.size() < signed) {
            throw new LogCorruptException(layout.dir() + " can be recovered to entry " + commit.size()
                    + " only, but a head over " + signed + " was signed; not started: "
                    + String.join("; ", faults));
        }
        return commit;
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

    private static void tidy(StoreLayout layout, Committed valid, Committed newest)
            throws IOException, LogCorruptException {
        try (CommitFile file = CommitFile.open(layout.commits())) {
            // The slot after the last valid one is where a torn write stands, if there is one.
            file.erase(valid.sequence() + 1);
            if (newest.sequence() != valid.sequence() && newest.sequence() != valid.sequence() + 1) {
                file.erase(newest.sequence());
            }
        }
        List<String> left = CommitFile.read(layout.commits()).faults();
        if (!left.isEmpty()) {
            throw new LogCorruptException("a commit before the last is damaged, not started: " + left);
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
