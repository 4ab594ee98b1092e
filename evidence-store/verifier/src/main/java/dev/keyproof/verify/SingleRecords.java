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

/** {@code records.ndjson}: single records, each with its place and its proof; one canonical JSON object a line. */
public final class SingleRecords {
    /** The file's name in the pack. */
    public static final String NAME = "records.ndjson";

    private SingleRecords() {}

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

    static void verify(byte[] file, List<Manifest.Log> logs, Faults faults, EntrySink sink) throws BrokenPackException {
        int number = 0;
        for (int at = 0; at < file.length; ) {
            int end = at;
            while (end < file.length && file[end] != '\n') {
                end++;
            }
            number++;
            String place = "line " + number;
            if (end == file.length) {
                throw BrokenPackException.at(Reason.RECORD_FORM, NAME, place, "does not end in a newline");
            }
            byte[] line = Arrays.copyOfRange(file, at, end);
            faults.passes(() -> record(line, place, logs, sink));
            at = end + 1;
        }
    }

    private static void record(byte[] line, String place, List<Manifest.Log> logs, EntrySink sink)
            throws BrokenPackException {
        ObjectNode json = CanonicalJson.parse(line, NAME, place);
        try {
            Manifest.Log log = logs.stream()
                    .filter(l -> l.path().equals(json.path("log").asText()))
                    .findFirst()
                    .orElseThrow(() -> BrokenPackException.at(
                            Reason.RECORD_FORM, NAME, place, "names a log that the pack does not hold"));
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
                throw BrokenPackException.at(
                        Reason.PROOF_FALSE, NAME, place, "the proof does not lead from the entry to the log's root");
            }
            sink.entry(entry, NAME);
        } catch (IllegalArgumentException e) {
            throw BrokenPackException.at(Reason.RECORD_FORM, NAME, place, "entry, index or proof makes no sense");
        }
    }
}
