package dev.keyproof.log.note;

/** A signer that goes by the name and the id of its verifier; where its key lives, and how it signs, is said below. */
public abstract class KeySigner implements NoteSigner {
    private final NoteVerifier verifier;

    protected KeySigner(NoteVerifier verifier) {
        this.verifier = verifier;
    }

    /** What verifies its signatures. */
    public final NoteVerifier verifier() {
        return verifier;
    }

    @Override
    public final String name() {
        return verifier.name();
    }

    @Override
    public final int keyId() {
        return verifier.keyId();
    }

    @Override
    public final byte type() {
        return verifier.type();
    }
}
