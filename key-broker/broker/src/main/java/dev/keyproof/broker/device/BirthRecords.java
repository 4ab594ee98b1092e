package dev.keyproof.broker.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.keyproof.broker.journal.Draft;
import dev.keyproof.broker.journal.Recorded;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.event.EventCodec;
import dev.keyproof.event.EventFormatException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.journal.Journal;
import dev.keyproof.pkcs11.TokenObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.stereotype.Component;

/**
 * What the journal says was born in tokens. Whoever can write the database can write down an object of his own, but not a record that says
 * so: a row counts only if the record that it names has its digest, once for each row. A broker can tell only of its own journal; its
 * peers tell of theirs.
 */
@Component
public class BirthRecords {
    private static final String NOTED = "NoteDeviceObjects";
    /** So many digests fit in one event. */
    private static final int MOST = 512;

    private final Journal journal;
    private final EventCodec codec;
    private final Recorder recorder;
    /** What was read before, by the sequence; a record never changes. */
    private final ConcurrentMap<Long, List<String>> read = new ConcurrentHashMap<>();

    public BirthRecords(Journal journal, EventCodec codec, Recorder recorder) {
        this.journal = journal;
        this.codec = codec;
        this.recorder = recorder;
    }

    /** Puts on the record that a token was made to hold these; returns them with where that stands. */
    List<Noted> note(String token, List<TokenObject> objects, String birth) throws ProblemException {
        List<Noted> noted = new ArrayList<>();
        for (int from = 0; from < objects.size(); from += MOST) {
            List<TokenObject> together = objects.subList(from, Math.min(objects.size(), from + MOST));
            Draft draft = Draft.service(NOTED).message("What a token was made to hold was written down.");
            ArrayNode digests =
                    draft.detail().put("token", token).put("birth", birth).putArray("objects");
            together.forEach(object -> digests.add(Noted.digest(token, object)));
            Recorded recorded = recorder.append(draft);
            together.forEach(object -> noted.add(new Noted(
                    object,
                    recorded.position().source(),
                    recorded.position().epoch(),
                    recorded.position().sequence())));
        }
        return noted;
    }

    /** Whether this broker's own journal is to say so. */
    boolean own(Noted noted) {
        return noted.source().equals(journal.source());
    }

    /**
     * Those that no record says were born so.
     *
     * @param peers brokers that tell of their own journals
     */
    List<Noted> unfounded(String token, List<Noted> rows, Set<String> peers) throws ProblemException {
        Map<Long, List<String>> said = new HashMap<>();
        List<Noted> unfounded = new ArrayList<>();
        for (Noted row : rows) {
            if (own(row)) {
                if (!said.containsKey(row.sequence())) {
                    said.put(row.sequence(), new ArrayList<>(digests(row.sequence())));
                }
                if (!said.getOrDefault(row.sequence(), List.of()).remove(Noted.digest(token, row.object()))
                        || !row.epoch().equals(journal.epoch())) {
                    unfounded.add(row);
                }
            } else if (!peers.contains(row.source())) {
                unfounded.add(row);
            }
        }
        return unfounded;
    }

    private List<String> digests(long sequence) throws ProblemException {
        List<String> known = read.get(sequence);
        if (known != null) {
            return known;
        }
        List<String> digests = new ArrayList<>();
        if (sequence < 0 || sequence >= journal.size()) {
            return digests;
        }
        try {
            for (byte[] entry : journal.read(sequence, 1)) {
                JsonNode event = codec.tree(entry);
                JsonNode keyproof = event.path("unmapped").path("keyproof");
                if (event.path("api").path("operation").asText().equals(NOTED)
                        && keyproof.path("kind").asText().equals("service")) {
                    keyproof.path("detail").path("objects").forEach(digest -> digests.add(digest.asText()));
                }
            }
            if (!digests.isEmpty()) {
                read.put(sequence, List.copyOf(digests));
            }
            return digests;
        } catch (LogException | EventFormatException e) {
            throw new ProblemException(Problem.JOURNAL_UNAVAILABLE, "the journal cannot be read", e);
        }
    }
}
