package dev.keyproof.verify;

import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteKey;
import dev.keyproof.log.note.NoteVerifier;

/**
 * A key of a log as a trust file names it.
 *
 * @param verifier its public key and name
 * @param until the largest checkpoint, in entries, that the key may sign without a successor's signature beside its own; {@link
 *     #UNBOUNDED} for a key in use
 */
public record LogKey(NoteVerifier verifier, long until) {
    /** It was never handed over. */
    public static final long UNBOUNDED = Long.MAX_VALUE;

    private static final String UNTIL = " until ";

    /** A key in use. */
    public static LogKey of(NoteVerifier verifier) {
        return new LogKey(verifier, UNBOUNDED);
    }

    /** The C2SP verifier key. */
    public String vkey() {
        return verifier.vkey();
    }

    /** Reads {@code VKEY} or {@code VKEY until N}. */
    static LogKey parse(String text) throws NoteException {
        int at = text.indexOf(UNTIL);
        String vkey = at < 0 ? text : text.substring(0, at);
        String until = at < 0 ? "" : text.substring(at + UNTIL.length());
        NoteVerifier verifier = NoteVerifier.parse(vkey);
        if (verifier.type() == NoteKey.COSIGNATURE) {
            throw new NoteException("a witness's key is no log's: " + vkey);
        }
        if (at >= 0 && !until.matches("0|[1-9][0-9]{0,17}")) {
            throw new NoteException("a log's key is good until a number of entries");
        }
        return new LogKey(verifier, at < 0 ? UNBOUNDED : Long.parseLong(until));
    }

    String text() {
        return until == UNBOUNDED ? vkey() : vkey() + UNTIL + until;
    }
}
