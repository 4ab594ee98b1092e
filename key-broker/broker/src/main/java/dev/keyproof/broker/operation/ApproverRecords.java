package dev.keyproof.broker.operation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.approval.BookEntry;
import dev.keyproof.broker.approval.Sealing;
import dev.keyproof.broker.journal.Draft;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.event.EventCodec;
import dev.keyproof.event.EventFormatException;
import dev.keyproof.log.LogException;
import dev.keyproof.log.journal.Journal;
import java.util.Set;

/** What the journal says of the book of approvers: whoever can write the database can write an entry, but not a record that says so. */
public final class ApproverRecords implements Sealing {
    private static final int LONGEST = 256;

    private final Journal journal;
    private final EventCodec codec;
    private final Recorder recorder;
    private final Set<String> peers;

    /** @param peers brokers that tell of their own journals */
    public ApproverRecords(Journal journal, EventCodec codec, Recorder recorder, Set<String> peers) {
        this.journal = journal;
        this.codec = codec;
        this.recorder = recorder;
        this.peers = Set.copyOf(peers);
    }

    @Override
    public Word of(BookEntry entry) throws ProblemException {
        if (!entry.source().equals(journal.source())) {
            return peers.contains(entry.source()) ? Word.PEER : Word.NONE;
        }
        if (!entry.epoch().equals(journal.epoch()) || entry.sequence() < 0 || entry.sequence() >= journal.size()) {
            return Word.NONE;
        }
        try {
            for (byte[] record : journal.read(entry.sequence(), 1)) {
                JsonNode event = codec.tree(record);
                JsonNode keyproof = event.path("unmapped").path("keyproof");
                String kind = entry.evidence() == null ? "service" : "intent";
                if (event.path("api").path("operation").asText().equals(entry.operation())
                        && keyproof.path("kind").asText().equals(kind)
                        && keyproof.path("detail").path("entry").asText().equals(entry.digest())) {
                    return Word.OWN;
                }
            }
            return Word.NONE;
        } catch (LogException | EventFormatException e) {
            throw new ProblemException(Problem.JOURNAL_UNAVAILABLE, "the journal cannot be read", e);
        }
    }

    @Override
    public void tampered(BookEntry entry, String what) throws ProblemException {
        String document = entry.document();
        Draft draft = Draft.service("ApproverTampered")
                .failed(new ProblemException(
                        Problem.APPROVAL_INVALID, "entry " + entry.number() + " of the approvers' book: " + what))
                .message("The book of approvers is not what was put on the record.");
        draft.detail()
                .put("number", entry.number())
                .put(
                        "operation",
                        entry.operation()
                                .substring(0, Math.min(64, entry.operation().length())))
                .put("document", document.substring(0, Math.min(LONGEST, document.length())))
                .put("difference", what);
        recorder.append(draft);
    }
}
