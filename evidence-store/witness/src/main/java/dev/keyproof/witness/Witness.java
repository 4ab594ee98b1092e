package dev.keyproof.witness;

import dev.keyproof.log.merkle.ConsistencyProof;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.TreeHasher;
import dev.keyproof.log.note.Checkpoint;
import dev.keyproof.log.note.Cosigner;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.note.SignedNote;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides on what logs submit, in the order of C2SP tlog-witness: is the log known, did it sign, does it go on from what was seen last.
 * One request at a time, so that what is compared is what is replaced. Thread-safe.
 */
final class Witness {
    private static final System.Logger LOG = System.getLogger(Witness.class.getName());

    private final Cosigner cosigner;
    private final Map<String, List<NoteVerifier>> logs;
    private final SeenHeads seen;

    /** {@code keys} are the logs' verifier keys, whose names are the origins. */
    Witness(Cosigner cosigner, List<NoteVerifier> keys, SeenHeads seen) throws WitnessException {
        this.cosigner = cosigner;
        this.seen = seen;
        this.logs = new TreeMap<>();
        for (NoteVerifier key : keys) {
            logs.merge(
                    key.name(),
                    List.of(key),
                    (a, b) -> java.util.stream.Stream.concat(a.stream(), b.stream())
                            .toList());
        }
        for (String origin : logs.keySet()) {
            // What cannot be read is met now, and not by the first log that asks.
            seen.last(origin);
        }
    }

    /** What is answered. */
    sealed interface Answer {
        /** The signature lines, each with its newline. */
        record Cosigned(String lines) implements Answer {}

        /** The log went on from another head than the last, or shows another tree of its size. */
        record Conflict(long size) implements Answer {}

        /** With the status and one line of reason. */
        record Refused(int status, String reason) implements Answer {}
    }

    /** Deals with one submission. */
    synchronized Answer add(byte[] body) throws WitnessException {
        AddCheckpoint request;
        try {
            request = AddCheckpoint.parse(body);
        } catch (NoteException e) {
            return new Answer.Refused(400, String.valueOf(e.getMessage()));
        }
        Checkpoint head = request.head().checkpoint();
        List<NoteVerifier> keys = logs.get(head.origin());
        if (keys == null) {
            return new Answer.Refused(404, "this witness does not know the log");
        }
        SignedHead signed;
        try {
            List<NoteVerifier> signers = request.head().note().verifiedBy(keys);
            signed = new SignedHead(head, only(request.head().note(), signers));
        } catch (NoteException e) {
            return new Answer.Refused(403, "no known key of the log signed the checkpoint");
        }
        if (request.old() > head.size()) {
            return new Answer.Refused(400, "the old size is larger than the checkpoint's");
        }
        Optional<SignedHead> last = seen.last(head.origin());
        long size = last.map(SignedHead::size).orElse(0L);
        Hash root = last.map(one -> one.checkpoint().root()).orElseGet(() -> new TreeHasher().empty());
        if (request.old() != size) {
            return new Answer.Conflict(size);
        }
        if (head.size() == size && !head.root().equals(root)) {
            contradiction(signed, size);
            return new Answer.Conflict(size);
        }
        if (!new ConsistencyProof(size, head.size(), request.proof()).verifies(root, head.root())) {
            // The proof is the sender's, whoever that is: a wrong one contradicts nothing that the log has signed.
            LOG.log(System.Logger.Level.WARNING, "event=bad-proof origin=" + head.origin() + " seen=" + size);
            return new Answer.Refused(422, "the proof does not lead from the last head to this one");
        }
        seen.remember(signed);
        return cosigned(head);
    }

    /** Unknown signatures are not kept, so that a stranger cannot fill the disk. */
    private static SignedNote only(SignedNote note, List<NoteVerifier> signers) {
        return new SignedNote(
                note.text(),
                note.signatures().stream()
                        .filter(one -> signers.stream().anyMatch(signer -> signer.made(one)))
                        .toList());
    }

    private void contradiction(SignedHead head, long size) throws WitnessException {
        LOG.log(
                System.Logger.Level.WARNING,
                "event=contradiction origin=" + head.checkpoint().origin() + " seen=" + size + " submitted="
                        + head.size());
        seen.keepContradiction(head);
    }

    private Answer cosigned(Checkpoint head) throws WitnessException {
        try {
            SignedNote note = SignedNote.sign(head.text(), List.of(cosigner));
            return new Answer.Cosigned(note.signatures().getFirst().line() + "\n");
        } catch (NoteException e) {
            throw new WitnessException("the witness's key does not sign: " + e.getMessage(), e);
        }
    }
}
