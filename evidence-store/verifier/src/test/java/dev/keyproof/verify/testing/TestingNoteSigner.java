package dev.keyproof.verify.testing;

import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteKey;
import dev.keyproof.log.note.NoteSigner;
import dev.keyproof.log.note.NoteVerifier;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;

/** Signs notes by a key in memory. */
public final class TestingNoteSigner implements NoteSigner {
    private final String name;
    private final KeyPair pair;

    public TestingNoteSigner(String name, KeyPair pair) {
        this.name = name;
        this.pair = pair;
    }

    /** What verifies its signatures. */
    public NoteVerifier verifier() {
        try {
            return NoteVerifier.of(name, pair.getPublic());
        } catch (NoteException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int keyId() {
        return NoteKey.id(name, pair.getPublic());
    }

    @Override
    public byte type() {
        return NoteKey.type(pair.getPublic());
    }

    @Override
    public byte[] sign(byte[] message) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(type() == NoteKey.ED25519 ? "Ed25519" : "SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(message);
        return signature.sign();
    }
}
