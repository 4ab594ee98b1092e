package dev.keyproof.verify;

import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.TreeHasher;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Packs of the same installation that somebody kept. Who owns the seal key can rewrite a log and sign it anew, but cannot take back what
 * was handed out: of two packs, the smaller state of a log must be the beginning of the larger one. Thread-safe.
 */
final class OlderPacks {
    private final Clock clock;
    private final @Nullable TrustFile anchor;
    private final List<Path> older;
    private final TreeHasher hasher = new TreeHasher();

    OlderPacks(Clock clock, @Nullable TrustFile anchor, List<Path> older) {
        this.clock = clock;
        this.anchor = anchor;
        this.older = List.copyOf(older);
    }

    /** A record's place. */
    private record Place(String log, long index) {}

    /** Verifies a pack, and that none of the others contradicts it. One that is not good itself makes the verdict unreadable. */
    Verdict verify(Path pack, boolean allFaults) {
        List<KnownHeads.Head> heads = new ArrayList<>();
        Map<Path, Summary> others = new HashMap<>();
        for (Path one : older) {
            Verdict verdict = new PackVerifier(clock).verify(one, anchor, false);
            Optional<Summary> summary = summary(verdict);
            if (summary.isEmpty()) {
                return new Verdict.Unreadable("--older " + one + " is no pack to compare with: " + why(verdict));
            }
            others.put(one, summary.get());
            KnownHeads.of(name(one), summary.get()).forEach(heads::add);
        }
        KnownHeads known = new KnownHeads(heads);
        Verdict verdict = new PackVerifier(clock, known).verify(pack, anchor, allFaults);
        Optional<Summary> own = summary(verdict);
        if (own.isEmpty()) {
            return verdict;
        }
        List<String> notes = new ArrayList<>(own.get().notes());
        for (Path one : older) {
            Optional<Fault> fault = compare(pack, own.get(), one, others.get(one), known, notes);
            if (fault.isPresent()) {
                return new Verdict.Broken(List.of(fault.get()), own.get());
            }
        }
        Summary noted = own.get().noting(notes);
        return verdict instanceof Verdict.Proven ? new Verdict.Proven(noted) : new Verdict.SignerUnproven(noted);
    }

    private Optional<Fault> compare(
            Path pack, Summary own, Path other, @Nullable Summary others, KnownHeads known, List<String> notes) {
        List<KnownHeads.Head> theirs =
                others == null ? List.of() : KnownHeads.of(name(other), others).toList();
        List<KnownHeads.Head> larger = new ArrayList<>();
        for (Summary.LogState log : own.logs()) {
            for (KnownHeads.Head head : theirs) {
                if (!head.origin().equals(log.origin())) {
                    continue;
                }
                if (known.compared(head)) {
                    notes.add(log.origin() + " is the log of which " + head.pack() + " holds the first " + head.size()
                            + " entries.");
                } else {
                    larger.add(head);
                }
            }
        }
        if (larger.isEmpty()) {
            return Optional.empty();
        }
        // The other is larger, or has no tiles: it is asked the same of this one, and each record of both is compared.
        KnownHeads ours = new KnownHeads(KnownHeads.of(name(pack), own).toList());
        Map<Place, Hash> leaves = leaves(pack);
        AtomicReference<@Nullable Long> differs = new AtomicReference<>();
        AtomicLong same = new AtomicLong();
        Verdict verdict = new PackVerifier(clock, ours).verify(other, anchor, entry -> {
            Hash leaf = leaves.get(new Place(entry.log(), entry.index()));
            if (leaf != null && leaf.equals(hasher.leaf(entry.bytes()))) {
                same.incrementAndGet();
            } else if (leaf != null) {
                differs.compareAndSet(null, entry.index());
            }
        });
        if (verdict instanceof Verdict.Broken broken) {
            return Optional.of(broken.first());
        }
        Long entry = differs.get();
        if (entry != null) {
            return Optional.of(Fault.at(
                    Reason.LOG_FORKED,
                    Manifest.NAME,
                    "entry " + entry,
                    "is another in " + name(other) + ": one of the two logs was rewritten"));
        }
        for (KnownHeads.Head head : larger) {
            boolean whole = ours.of(head.origin()).stream().anyMatch(ours::compared);
            notes.add(
                    whole
                            ? head.origin() + " is the beginning of the log that " + head.pack() + " holds."
                            : head.origin() + " cannot be compared as a whole with " + head.pack() + ": " + same.get()
                                    + " records that both hold are the same.");
        }
        return Optional.empty();
    }

    private Map<Place, Hash> leaves(Path pack) {
        Map<Place, Hash> leaves = new HashMap<>();
        new PackVerifier(clock)
                .verify(
                        pack,
                        anchor,
                        entry -> leaves.put(new Place(entry.log(), entry.index()), hasher.leaf(entry.bytes())));
        return leaves;
    }

    private static Optional<Summary> summary(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Proven proven -> Optional.of(proven.summary());
            case Verdict.SignerUnproven unproven -> Optional.of(unproven.summary());
            case Verdict.Broken broken -> Optional.empty();
            case Verdict.Unreadable unreadable -> Optional.empty();
        };
    }

    private static String why(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Broken broken -> broken.first().toString();
            case Verdict.Unreadable unreadable -> unreadable.reason();
            case Verdict.Proven proven -> "proven";
            case Verdict.SignerUnproven unproven -> "consistent";
        };
    }

    private static String name(Path pack) {
        return String.valueOf(pack.getFileName());
    }
}
