package dev.keyproof.log.note;

/**
 * A checkpoint and the signed note that carries it.
 *
 * @param checkpoint what is signed
 * @param note its text and signatures
 */
public record SignedHead(Checkpoint checkpoint, SignedNote note) {
    public SignedHead {
        if (!checkpoint.text().equals(note.text())) {
            throw new IllegalArgumentException("the note carries another checkpoint");
        }
    }

    /**
     * Parses a note whose text is a checkpoint; says nothing about trust.
     *
     * @throws NoteException saying what is wrong
     */
    public static SignedHead parse(String note) throws NoteException {
        SignedNote signed = SignedNote.parse(note);
        return new SignedHead(Checkpoint.parse(signed.text()), signed);
    }

    public long size() {
        return checkpoint.size();
    }
}
