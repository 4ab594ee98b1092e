package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.InclusionProof;
import dev.keyproof.log.merkle.TreeHasher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code records.ndjson}: single records, each with its place and its proof; one canonical JSON object a line, in the order in which
 * they were sealed, and none but those that the scope asks for. Used by one thread.
 */
public final class SingleRecords {
    /** The file's name in the pack. */
    public static final String NAME = "records.ndjson";

    private final List<Manifest.Log> logs;
    private final @Nullable KeyRecords wanted;
    private final EntrySink sink;
    private @Nullable Entry last;

    /** Of these logs, and only what the scope wants, each record goes to {@code sink}. */
    SingleRecords(List<Manifest.Log> logs, Scope scope, EntrySink sink) {
        this.logs = logs;
        this.wanted = scope.key().map(KeyRecords::new).orElse(null);
        this.sink = sink;
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

    void verify(byte[] file, Faults faults) throws BrokenPackException {
        int number = 0;
        for (int at = 0; at < file.length; ) {
            int end = at;
            while (end < file.length && file[end] != '\n') {
                end++;
            }
            number++;
            String place = "line " + number;
            if (end == file.length) {
                throw refused(Reason.RECORD_FORM, place, "does not end in a newline");
            }
            byte[] line = Arrays.copyOfRange(file, at, end);
            faults.passes(() -> record(line, place));
            at = end + 1;
        }
    }

    private void record(byte[] line, String place) throws BrokenPackException {
        ObjectNode json = CanonicalJson.parse(line, NAME, place);
        Entry entry = proven(json, place);
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
        sink.entry(entry, NAME);
        if (wanted != null && !wanted.holds(entry)) {
            throw refused(
                    Reason.SCOPE_KEY,
                    place,
                    "entry " + entry.index() + " is not of the key that the scope names, nor needed by one that is");
        }
    }

    private Entry proven(ObjectNode json, String place) throws BrokenPackException {
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
            return entry;
        } catch (IllegalArgumentException e) {
            throw refused(Reason.RECORD_FORM, place, "entry, index or proof makes no sense");
        }
    }

    private static BrokenPackException refused(Reason reason, String place, String sentence) {
        return BrokenPackException.at(reason, NAME, place, sentence);
    }
}
