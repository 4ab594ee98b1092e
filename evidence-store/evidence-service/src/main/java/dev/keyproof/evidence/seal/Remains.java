package dev.keyproof.evidence.seal;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.InclusionProof;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What stays of years whose logs are dropped: their last heads; the single records that later ones stand on, each with its proof under the
 * last head (enrolments of approvers, orders, the heads over them, handovers to other log keys, steps of open cases); and how far each source was sealed, so
 * that nothing is sealed twice and heads over an epoch that goes on can still be checked. Immutable.
 */
public final class Remains {
    private static final ObjectMapper JSON = new ObjectMapper().addMixIn(Hash.class, AsHex.class);

    private final SortedMap<Integer, SignedHead> heads;
    private final SortedMap<Supports.Place, Kept> records;
    private final Ends ends;

    private Remains(SortedMap<Integer, SignedHead> heads, SortedMap<Supports.Place, Kept> records, Ends ends) {
        this.heads = Collections.unmodifiableSortedMap(heads);
        this.records = Collections.unmodifiableSortedMap(records);
        this.ends = ends;
    }

    /** An entry, and its proof in the tree of its log's last head. */
    public record Kept(byte[] entry, InclusionProof proof) {}

    /**
     * Where sources end.
     *
     * @param own findings of our own by uid, each with what was sealed of it
     * @param policies digests of the bundles that are kept
     */
    record Ends(List<SourceStream.Snapshot> streams, DroppedUids uids, Map<String, Hash> own, Set<String> policies) {}

    /** As it is written; hashes are in hex. */
    private record Document(
            Map<Integer, String> heads,
            List<Line> records,
            List<SourceStream.Snapshot> streams,
            String uids,
            SortedMap<String, Hash> own,
            SortedSet<String> policies) {}

    private record Line(int year, byte[] entry, InclusionProof proof) {}

    /** How a hash is written. */
    abstract static class AsHex {
        @JsonCreator
        static Hash parseHex(String hex) {
            return Hash.parseHex(hex);
        }

        @JsonValue
        abstract String hex();
    }

    /**
     * What stays of a year and of those dropped before it.
     *
     * @param head the last of the year's log, over all its entries, with its cosignatures
     * @param scratch a file that may be overwritten, and goes
     */
    public static Remains of(Optional<Remains> before, int year, SealedLog log, SignedHead head, Path scratch)
            throws EvidenceException {
        SortedMap<Integer, SignedHead> heads = new TreeMap<>();
        SortedMap<Supports.Place, Kept> records = new TreeMap<>();
        before.ifPresent(remains -> {
            heads.putAll(remains.heads);
            records.putAll(remains.records);
        });
        heads.put(year, head);
        try (Places places = Places.open(scratch)) {
            SealedState state = new SealedState(places);
            before.ifPresent(remains -> remains.begin(state, 0));
            List<Supports.Place> said = new ArrayList<>();
            TreeHasher hasher = new TreeHasher();
            LogEntries.each(log, (index, entry, json) -> {
                state.entry(json, hasher.leaf(entry), 0);
                Supports.Place place = new Supports.Place(year, index);
                state.supports().sealed(place, entry);
                if (SignerHandover.is(json) || YearDrop.of(json).isPresent()) {
                    said.add(place);
                }
                return true;
            });
            SortedSet<Supports.Place> kept = state.supports().of(year);
            kept.addAll(said);
            // Nothing follows a case that was closed since.
            records.keySet().removeAll(state.supports().cases().steps(true));
            for (Supports.Place place : kept) {
                records.put(place, new Kept(log.entry(place.index()), log.inclusionProof(place.index(), head.size())));
            }
            return new Remains(heads, records, state.ends());
        } catch (LogException | IOException e) {
            throw new EvidenceException("the log of " + year + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Last heads by year. */
    public SortedMap<Integer, SignedHead> heads() {
        return heads;
    }

    /** In the order of sealing. */
    public SortedMap<Supports.Place, Kept> records() {
        return records;
    }

    /** The state goes on where dropped years ended. */
    void begin(SealedState state, long nowNanos) {
        state.begin(ends, nowNanos);
        records.forEach((place, kept) -> state.supports().sealed(place, kept.entry()));
    }

    /** The entry of a record, parsed. */
    static JsonNode json(Kept kept) throws EvidenceException {
        try {
            return JSON.readTree(kept.entry());
        } catch (IOException e) {
            throw new EvidenceException("a record of a dropped year is no JSON", e);
        }
    }

    public byte[] bytes() throws EvidenceException {
        TreeMap<Integer, String> notes = new TreeMap<>();
        heads.forEach((year, head) -> notes.put(year, head.note().format()));
        List<Line> lines = new ArrayList<>();
        records.forEach((place, kept) -> lines.add(new Line(place.year(), kept.entry(), kept.proof())));
        try {
            return JSON.writeValueAsBytes(new Document(
                    notes,
                    lines,
                    ends.streams(),
                    ends.uids().base64(),
                    new TreeMap<>(ends.own()),
                    new TreeSet<>(ends.policies())));
        } catch (JsonProcessingException e) {
            throw new EvidenceException("what remains of a year cannot be written: " + e.getMessage(), e);
        }
    }

    /** Reads what {@link #bytes} wrote. */
    public static Remains parse(byte[] bytes) throws EvidenceException {
        try {
            Document document = JSON.readValue(bytes, Document.class);
            TreeMap<Integer, SignedHead> heads = new TreeMap<>();
            for (Map.Entry<Integer, String> head : document.heads().entrySet()) {
                heads.put(head.getKey(), SignedHead.parse(head.getValue()));
            }
            TreeMap<Supports.Place, Kept> records = new TreeMap<>();
            for (Line line : document.records()) {
                records.put(
                        new Supports.Place(line.year(), line.proof().index()), new Kept(line.entry(), line.proof()));
            }
            return new Remains(
                    heads,
                    records,
                    new Ends(
                            document.streams(),
                            DroppedUids.parse(document.uids()),
                            document.own(),
                            document.policies()));
        } catch (IOException | NoteException | IllegalArgumentException e) {
            throw new EvidenceException("what remains of a dropped year cannot be read: " + e.getMessage(), e);
        }
    }
}
