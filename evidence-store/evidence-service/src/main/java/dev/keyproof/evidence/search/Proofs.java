package dev.keyproof.evidence.search;

import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.evidence.witness.Witnesses;
import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.InclusionProof;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import dev.keyproof.verify.Entry;
import dev.keyproof.verify.SingleRecords;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Single entries, each with the proof that a signed head covers it. Thread-safe. */
public final class Proofs {
    private final YearLogs logs;
    private final Witnesses witnesses;

    public Proofs(YearLogs logs, Witnesses witnesses) {
        this.logs = logs;
        this.witnesses = witnesses;
    }

    /**
     * An entry that was proven.
     *
     * @param line as in a pack's {@code records.ndjson}
     * @param head under which it stands, the newest that enough witnesses cosigned if it covers the entry
     */
    public record Proven(Place place, byte[] entry, byte[] line, SignedHead head) {}

    /** The end of what signed heads cover. */
    Place end() {
        return logs.all().entrySet().stream()
                .map(year -> new Place(
                        year.getKey(),
                        year.getValue().lastHead().map(SignedHead::size).orElse(0L)))
                .max(Place::compareTo)
                .orElse(new Place(0, 0));
    }

    /** Empty if no signed head covers such an entry. */
    public Optional<Proven> of(Place place) throws LogException {
        SealedLog log = logs.all().get(place.year());
        if (log == null) {
            return Optional.empty();
        }
        Optional<SignedHead> head = Stream.concat(witnesses.checkpoint(place.year()).stream(), log.lastHead().stream())
                .filter(one -> one.size() > place.index())
                .findFirst();
        if (head.isEmpty()) {
            return Optional.empty();
        }
        List<byte[]> read = log.read(place.index(), 1);
        InclusionProof proof = log.inclusionProof(place.index(), head.get().size());
        if (read.isEmpty()
                || !proof.verifies(
                        new TreeHasher().leaf(read.getFirst()),
                        head.get().checkpoint().root())) {
            throw new LogException("entry " + place.index() + " of " + place.year() + " is not what was signed");
        }
        Entry entry = new Entry("log/" + place.year(), place.index(), read.getFirst());
        return Optional.of(new Proven(place, read.getFirst(), SingleRecords.line(entry, proof), head.get()));
    }
}
