package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.InclusionProof;
import dev.keyproof.log.merkle.TreeHasher;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code records.ndjson}: single records, each with its place and its proof; one canonical JSON object a line, in the order in which
 * they were sealed. In a pack of the records of a key, an actor, an operation or a case they are these, and in any pack those that the
 * scope needs: enrolments of approvers, orders, and heads that cover either. Used by one thread.
 */
public final class SingleRecords {
    /** The file's name in the pack. */
    public static final String NAME = "records.ndjson";

    /** Of a line: an entry has at most 65,535 bytes, in Base64, and a proof at most 63 hashes. */
    private static final int LONGEST = 128 << 10;

    private final List<Manifest.Log> logs;
    private final Scope scope;
    private final ScopedRecords scoped;
    private final CaseCheck ofCase;
    /** Beside ranges, those that were not handed on yet. */
    private final Deque<Entry> waiting = new ArrayDeque<>();

    private @Nullable Entry last;

    /** Of these logs, and only what the scope wants or needs. */
    SingleRecords(List<Manifest.Log> logs, Scope scope) {
        this.logs = logs;
        this.scope = scope;
        this.scoped = new ScopedRecords(scope);
        this.ofCase = new CaseCheck(scoped);
    }

    /** One line, newline included. */
    public static byte[] line(Entry entry, InclusionProof proof) {
        ObjectNode json = CanonicalJson.MAPPER.createObjectNode();
        json.put("entry", Base64.getEncoder().encodeToString(entry.bytes()));
        json.put("index", entry.index()).put("log", entry.log());
        var path = json.putArray("proof");
        proof.path().forEach(hash -> path.add(hash.base64()));
        byte[] canonical = CanonicalJson.bytes(json);
        byte[] line = Arrays.copyOf(canonical, canonical.length + 1);
        line[canonical.length] = '\n';
        return line;
    }

    /** Checks each line. What a pack of single records holds goes to {@code sink}, what stands beside ranges waits. */
    void verify(MemorySegment file, EntrySink sink, Faults faults) throws BrokenPackException {
        if (scope.ofCase().isPresent()) {
            lines(file, (line, place) -> stated(line).ifPresent(scoped::announce));
        }
        lines(file, (line, place) -> faults.passes(() -> record(line, place, sink)));
        if (scope.ofCase().isPresent()) {
            ofCase.end(faults);
        }
    }

    @FunctionalInterface
    private interface EachLine {
        void take(byte[] line, String place) throws BrokenPackException;
    }

    private static void lines(MemorySegment file, EachLine each) throws BrokenPackException {
        int number = 0;
        for (long at = 0; at < file.byteSize(); ) {
            long end = at;
            while (end < file.byteSize() && file.get(ValueLayout.JAVA_BYTE, end) != '\n') {
                end++;
            }
            number++;
            String place = "line " + number;
            if (end == file.byteSize()) {
                throw refused(Reason.RECORD_FORM, place, "does not end in a newline");
            }
            if (end - at > LONGEST) {
                throw refused(Reason.RECORD_FORM, place, "is longer than any record is");
            }
            each.take(file.asSlice(at, end - at).toArray(ValueLayout.JAVA_BYTE), place);
            at = end + 1;
        }
    }

    /** What a line says it holds, unproven; empty where it makes no sense, which is met again. */
    private static Optional<Entry> stated(byte[] line) {
        try {
            return CanonicalJson.object(line)
                    .map(json -> new Entry(
                            json.path("log").asText(),
                            json.path("index").asLong(-1),
                            Base64.getDecoder().decode(json.path("entry").asText())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What is true of single records and limits the verdict. */
    String note() {
        return scope.ofCase().isPresent()
                ? ofCase.note()
                : "Single records: the pack proves that they were sealed, not that there are no others.";
    }

    private void record(byte[] line, String place, EntrySink sink) throws BrokenPackException {
        ObjectNode json = CanonicalJson.parse(line, NAME, place);
        Entry entry = proven(line, json, place);
        requireAfterLast(entry, place);
        ScopedRecords.Kind kind = scoped.carried(entry);
        if (!scope.isOfRecords()) {
            waiting.add(entry);
        } else if (kind == ScopedRecords.Kind.SUPPORTING) {
            sink.supporting(entry, NAME);
        } else {
            sink.entry(entry, NAME);
        }
        if (kind == ScopedRecords.Kind.NEITHER) {
            throw notNeeded(entry, place);
        }
        requireBesideRange(entry, place);
        if (scope.ofCase().isPresent()) {
            ofCase.record(entry, place);
        }
    }

    private BrokenPackException notNeeded(Entry entry, String place) {
        String of = "entry " + entry.index();
        Scope.Subject subject = scope.subject().orElse(null);
        if (subject == null) {
            return refused(Reason.RECORD_NOT_SUPPORTING, place, of + " is of no kind that a range of entries needs");
        }
        Reason reason = switch (subject.kind()) {
            case KEY -> Reason.SCOPE_KEY;
            case ACTOR -> Reason.SCOPE_ACTOR;
            case OPERATION -> Reason.SCOPE_OPERATION;
            case CASE -> Reason.SCOPE_CASE;
        };
        return refused(
                reason,
                place,
                of + " is not of the " + subject.kind().word() + " that the scope names, nor needed by one that is");
    }

    private void requireBesideRange(Entry entry, String place) throws BrokenPackException {
        for (Manifest.Log log : logs) {
            Optional<Scope.Part> part = scope.isOfRecords() ? Optional.empty() : scope.of(log);
            if (log.path().equals(entry.log())
                    && part.isPresent()
                    && entry.index() >= log.from()
                    && entry.index() < part.get().end(log.size())) {
                waiting.removeLast();
                throw refused(Reason.RECORD_TWICE, place, "entry " + entry.index() + " stands in the range as well");
            }
        }
    }

    private void requireAfterLast(Entry entry, String place) throws BrokenPackException {
        Entry before = last;
        last = entry;
        if (before != null) {
            int order = before.log().equals(entry.log())
                    ? Long.compare(before.index(), entry.index())
                    : before.log().compareTo(entry.log());
            if (order == 0) {
                throw refused(Reason.RECORD_TWICE, place, "entry " + entry.index() + " stands twice");
            }
            if (order > 0) {
                throw refused(
                        Reason.RECORD_ORDER, place, "entry " + entry.index() + " stands after entry " + before.index());
            }
        }
    }

    /** Hands on what was sealed before this entry of a log and has not been yet. */
    void handOn(Manifest.Log log, long before, EntrySink sink) {
        while (!waiting.isEmpty()
                && waiting.element().log().equals(log.path())
                && waiting.element().index() < before) {
            sink.supporting(waiting.remove(), NAME);
        }
    }

    private Entry proven(byte[] line, ObjectNode json, String place) throws BrokenPackException {
        try {
            Manifest.Log log = logs.stream()
                    .filter(l -> l.path().equals(json.path("log").asText()))
                    .findFirst()
                    .orElseThrow(() -> refused(Reason.RECORD_FORM, place, "names a log that the pack does not hold"));
            Entry entry = new Entry(
                    log.path(),
                    json.path("index").asLong(-1),
                    Base64.getDecoder().decode(json.path("entry").asText()));
            List<Hash> path = new ArrayList<>();
            for (JsonNode hash : json.path("proof")) {
                path.add(Hash.of(Base64.getDecoder().decode(hash.asText())));
            }
            InclusionProof proof = new InclusionProof(entry.index(), log.size(), path);
            if (!proof.verifies(new TreeHasher().leaf(entry.bytes()), Hash.of(log.root()))) {
                throw refused(Reason.PROOF_FALSE, place, "the proof does not lead from the entry to the log's root");
            }
            // Base64 has several ways to write some bytes, and a record one.
            if (!Arrays.equals(line(entry, proof), 0, line.length, line, 0, line.length)) {
                throw refused(Reason.RECORD_FORM, place, "is not written in the one way that there is");
            }
            return entry;
        } catch (IllegalArgumentException e) {
            throw refused(Reason.RECORD_FORM, place, "entry, index or proof makes no sense");
        }
    }

    private static BrokenPackException refused(Reason reason, String place, String sentence) {
        return BrokenPackException.at(reason, NAME, place, sentence);
    }
}
