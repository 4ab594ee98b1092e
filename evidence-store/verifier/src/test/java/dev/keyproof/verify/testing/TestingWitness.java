package dev.keyproof.verify.testing;

import dev.keyproof.log.note.Cosigner;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.NoteSigner;
import dev.keyproof.log.note.NoteVerifier;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.time.InstantSource;

/** A witness with a key in memory. */
public final class TestingWitness {
    private final String name;
    private final KeyPair pair;

    public TestingWitness(String name) {
        try {
            this.name = name;
            this.pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a trust file names it by. */
    public NoteVerifier verifier() {
        try {
            return NoteVerifier.cosigner(name, pair.getPublic());
        } catch (NoteException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Its public key. */
    public PublicKey key() {
        return pair.getPublic();
    }

    /** Signs what it is given. */
    public Cosigner cosigner() {
        try {
            return new Cosigner(name, pair.getPublic(), pair.getPrivate(), InstantSource.system());
        } catch (NoteException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Signs these bytes instead of what it is given. */
    public NoteSigner over(byte[] other) {
        Cosigner real = cosigner();
        return new NoteSigner() {
            @Override
            public String name() {
                return real.name();
            }

            @Override
            public int keyId() {
                return real.keyId();
            }

            @Override
            public byte type() {
                return real.type();
            }

            @Override
            public byte[] sign(byte[] message) throws GeneralSecurityException {
                return real.sign(other);
            }
        };
    }
}
