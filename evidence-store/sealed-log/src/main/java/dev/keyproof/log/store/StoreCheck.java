package dev.keyproof.log.store;

import dev.keyproof.log.FsckReport;
import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.CompactRange;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.note.Checkpoint;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks a store: every entry is hashed, and every commit and signed head compared with the tree at its size. */
public final class StoreCheck {
    private static final int HEADS_AHEAD = 4096;

    /** What else wants to see each entry, in order. */
    @FunctionalInterface
    public interface Visitor {
        void entry(EntryCursor cursor) throws LogException;
    }

    private record Expected(Hash root, String what) {}

    private final StoreLayout layout;
    private final String origin;
    private final List<NoteVerifier> verifiers;
    private final List<String> faults = new ArrayList<>();
    private final NavigableMap<Long, List<Expected>> roots = new TreeMap<>();
    private long size;
    private long signedSize = -1;
    private long headsEnd;
    /** Of the heads, those that end there, over so many entries, are among {@link #roots}. */
    private long expectedEnd;

    private long expectedUpTo;
    /** Roots that another tree has, after the first one that was reported. */
    private int consequences;

    private long firstWrong = -1;

    private StoreCheck(StoreLayout layout, String origin, List<NoteVerifier> verifiers) {
        this.layout = layout;
        this.origin = origin;
        this.verifiers = List.copyOf(verifiers);
    }

    public static StoreCheck of(StoreLayout layout, String origin, List<NoteVerifier> verifiers) {
        return new StoreCheck(layout, origin, verifiers);
    }

    /** Checks it under its lock. */
    public FsckReport run(FolderLock held) {
        return run(held, cursor -> {});
    }

    /** Checks it under its lock, and shows each entry on the way. */
    public FsckReport run(FolderLock held, Visitor visitor) {
        commits();
        heads();
        entries(visitor);
        return new FsckReport(size, Math.max(0, signedSize), faults);
    }

    private void commits() {
        try {
            CommitFile.Content content = CommitFile.read(layout.commits());
            faults.addAll(content.faults());
            Committed before = null;
            for (Committed commit : content.commits()) {
                if (before != null && commit.sequence() != before.sequence() + 1) {
                    faults.add(layout.commits() + ": commit " + commit.sequence() + " follows " + before.sequence());
                }
                expect(commit.size(), commit.root(), layout.commits() + ": commit " + commit.sequence());
                size = Math.max(size, commit.size());
                before = commit;
            }
        } catch (IOException e) {
            faults.add(layout.commits() + ": " + e.getMessage());
        }
    }

    private void heads() {
        try {
            HeadFile.walk(layout.heads(), 0, Long.MAX_VALUE, this::head);
            long end = headsEnd;
            long behind = HeadFile.behind(layout.heads(), end);
            if (behind >= 0) {
                faults.add(layout.heads() + ": what follows the head over " + signedSize + " is damaged, from byte "
                        + behind);
            }
            marks(end);
            if (signedSize > size) {
                faults.add(
                        layout.heads() + ": a head over " + signedSize + " is signed, " + size + " entries are there");
            }
        } catch (LogException e) {
            faults.add(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            faults.add(layout.heads() + ": " + e.getMessage());
        }
    }

    private void head(HeadFile.Head head) {
        Checkpoint checkpoint = head.signed().checkpoint();
        String what = what(checkpoint);
        if (!checkpoint.origin().equals(origin)) {
            faults.add(what + " is of another origin, " + checkpoint.origin());
        }
        if (checkpoint.size() <= signedSize) {
            faults.add(what + " does not extend the one before");
        }
        signature(head, what);
        signedSize = Math.max(signedSize, checkpoint.size());
        headsEnd = head.end();
    }

    private String what(Checkpoint checkpoint) {
        return layout.heads() + ": head over " + checkpoint.size();
    }

    /** After a crash of the machine the marks may be behind; ahead they can never be. */
    private void marks(long headsEnd) throws IOException {
        DurableMark mark = DurableMark.read(layout.durable());
        if (mark.size() > size || mark.headsEnd() > headsEnd) {
            faults.add(layout.durable() + ": says that " + mark.size() + " entries and " + mark.headsEnd()
                    + " bytes of heads are durable, " + size + " and " + headsEnd + " are there");
        }
    }

    private void signature(HeadFile.Head head, String what) {
        if (verifiers.isEmpty()) {
            return;
        }
        try {
            List<NoteVerifier> signers = head.signed().note().verifiedBy(verifiers);
            // Keys are rolled over: of each kind one must have signed, not each of all times.
            if (!kinds(signers).equals(kinds(verifiers))) {
                faults.add(what + " is signed by " + signers.size() + " of " + verifiers.size() + " keys");
            }
        } catch (NoteException e) {
            faults.add(what + ": " + e.getMessage());
        }
    }

    private static Set<Byte> kinds(List<NoteVerifier> keys) {
        return keys.stream().map(NoteVerifier::type).collect(Collectors.toSet());
    }

    private void expect(long at, Hash root, String what) {
        roots.computeIfAbsent(at, any -> new ArrayList<>()).add(new Expected(root, what));
    }

    /** Expects the heads over {@code at} entries, and some after them: a year has too many for the memory. */
    private void expectHeads(long at) throws LogException {
        while (at >= expectedUpTo && expectedEnd < headsEnd) {
            List<HeadFile.Head> more = HeadFile.read(layout.heads(), expectedEnd, HEADS_AHEAD);
            if (more.isEmpty()) {
                throw new LogException(layout.heads() + " changes while it is checked");
            }
            for (HeadFile.Head head : more) {
                Checkpoint checkpoint = head.signed().checkpoint();
                expect(checkpoint.size(), checkpoint.root(), what(checkpoint));
                expectedUpTo = Math.max(expectedUpTo, checkpoint.size());
                expectedEnd = head.end();
            }
        }
    }

    private void entries(Visitor visitor) {
        CompactRange tree = new CompactRange();
        try (EntryCursor cursor = new EntryCursor(layout)) {
            expectHeads(0);
            compare(tree);
            while (tree.size() < size) {
                cursor.next();
                tree.append(cursor.array(), cursor.at(), cursor.length());
                visitor.entry(cursor);
                expectHeads(tree.size());
                if (roots.containsKey(tree.size())) {
                    compare(tree);
                }
                if (tree.size() % StoreLayout.SEGMENT_ENTRIES == 0) {
                    length(tree.size() - 1, cursor.offset());
                }
            }
            strangers();
            if (consequences > 0) {
                faults.add(layout.dir() + ": " + consequences + " later commits and heads name other roots as well");
            }
        } catch (LogException e) {
            faults.add(String.valueOf(e.getMessage()));
        }
    }

    private void compare(CompactRange tree) {
        Hash root = tree.root();
        List<Expected> here = roots.remove(tree.size());
        for (Expected expected : here == null ? List.<Expected>of() : here) {
            if (expected.root().equals(root)) {
                continue;
            }
            // One altered entry changes every root after it; the first says where to look.
            if (firstWrong < 0) {
                firstWrong = tree.size();
            }
            if (tree.size() > firstWrong) {
                consequences++;
            } else {
                faults.add(expected.what() + " names another root than the entries up to " + tree.size()
                        + " have; last of them in " + layout.segment(Math.max(0, tree.size() - 1)));
            }
        }
    }

    private void length(long index, long end) {
        Path path = layout.segment(index);
        try {
            if (Files.size(path) != end) {
                faults.add(path + ": has " + Files.size(path) + " bytes, its entries end at " + end);
            }
        } catch (IOException e) {
            faults.add(path + ": " + e.getMessage());
        }
    }

    private void strangers() {
        Path last = layout.segment(size);
        try (Stream<Path> segments = Files.list(layout.segments())) {
            segments.filter(path -> path.compareTo(last) > 0)
                    .forEach(path -> faults.add(path + ": holds no durable entry"));
        } catch (IOException e) {
            faults.add(layout.segments() + ": " + e.getMessage());
        }
    }
}
