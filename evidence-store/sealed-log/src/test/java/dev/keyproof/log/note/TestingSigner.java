package dev.keyproof.log.note;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;

/** Signs with a key in memory. */
public final class TestingSigner implements NoteSigner {
    private final String name;
    private final KeyPair keys;

    private TestingSigner(String name, KeyPair keys) {
        this.name = name;
        this.keys = keys;
    }

    public static TestingSigner ed25519(String name) {
        try {
            return new TestingSigner(
                    name, KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static TestingSigner ecdsa(String name) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return new TestingSigner(name, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public NoteVerifier verifier() {
        try {
            return NoteVerifier.of(name, keys.getPublic());
        } catch (NoteException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same key, which cannot be reached. */
    public NoteSigner failing() {
        return new NoteSigner() {
            @Override
            public String name() {
                return TestingSigner.this.name();
            }

            @Override
            public int keyId() {
                return TestingSigner.this.keyId();
            }

            @Override
            public byte type() {
                return TestingSigner.this.type();
            }

            @Override
            public byte[] sign(byte[] message) throws GeneralSecurityException {
                throw new GeneralSecurityException("the token is gone");
            }
        };
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int keyId() {
        return NoteKey.id(name, keys.getPublic());
    }

    @Override
    public byte type() {
        return NoteKey.type(keys.getPublic());
    }

    @Override
    public byte[] sign(byte[] message) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(type() == NoteKey.ED25519 ? "Ed25519" : "SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(message);
        return signature.sign();
    }
}
