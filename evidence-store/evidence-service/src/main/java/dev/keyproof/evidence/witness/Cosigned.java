package dev.keyproof.evidence.witness;

import dev.keyproof.evidence.store.DurableFiles;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteSignature;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedHead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The newest head of one year's log with the cosignatures that it has, and the newest with enough of them, which is kept in a file.
 * Thread-safe.
 */
final class Cosigned {
    private final Path file;
    private final List<NoteVerifier> witnesses;
    private final int quorum;
    private @Nullable SignedHead newest;
    private @Nullable SignedHead enough;

    Cosigned(Path file, List<NoteVerifier> witnesses, int quorum) {
        this.file = file;
        this.witnesses = List.copyOf(witnesses);
        this.quorum = quorum;
        read();
    }

    /** What cannot be read, or has too few of the witnesses of today, is as good as not there: it is asked for again. */
    private void read() {
        try {
            if (Files.exists(file)) {
                SignedHead kept = SignedHead.parse(Files.readString(file));
                if (kept.note().verifiedBy(witnesses).size() >= quorum) {
                    newest = kept;
                    enough = kept;
                }
            }
        } catch (IOException | NoteException e) {
            newest = null;
        }
    }

    /** A head as it is, with the cosignatures known for it. */
    synchronized SignedHead with(SignedHead head) {
        SignedHead known = newest;
        return known != null && known.checkpoint().equals(head.checkpoint())
                ? new SignedHead(
                        head.checkpoint(), head.note().with(known.note().signatures()))
                : head;
    }

    /** Whether a witness has cosigned that very head. */
    synchronized boolean has(NoteVerifier witness, SignedHead head) {
        return with(head).note().signatures().stream().anyMatch(witness::made);
    }

    /** Takes a witness's cosignatures of a head; those of older ones are too late. */
    synchronized void add(SignedHead head, List<NoteSignature> signatures) throws IOException {
        SignedHead known = newest;
        if (known != null && known.size() > head.size()) {
            return;
        }
        SignedHead before = with(head);
        SignedHead after = new SignedHead(before.checkpoint(), before.note().with(signatures));
        newest = after;
        long cosigners = witnesses.stream()
                .filter(witness -> after.note().signatures().stream().anyMatch(witness::made))
                .count();
        if (cosigners >= quorum && head.size() > 0) {
            DurableFiles.write(file, after.note().bytes());
            enough = after;
        }
    }

    /** The newest head that enough witnesses cosigned. */
    synchronized Optional<SignedHead> enough() {
        return Optional.ofNullable(enough);
    }
}
