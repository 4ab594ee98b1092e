package dev.keyproof.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * The secret that the tokens of a group have in common. It is in memory from its making, or its putting together from shares, until it
 * is closed, and nowhere else: the KEKs and the key that binds wrapped keys are derived from it (HKDF-SHA-256, RFC 5869), each under a
 * name of its own, and imported into each token as keys that nobody can read, copy or change. Not for many threads.
 *
 * <p>Closing overwrites what this object holds. What the Java run time copied meanwhile is gone when its memory is used again, so a
 * ceremony runs in a process of its own that ends after.
 */
public final class GroupRoot implements AutoCloseable {
    /** The secret's length. */
    public static final int BYTES = 32;

    private final byte[] secret;

    private GroupRoot(byte[] secret) {
        this.secret = secret;
    }

    /** A new one, from the randomness of a token. */
    public static GroupRoot random(Token source) throws TokenException {
        return new GroupRoot(source.random(BYTES));
    }

    /** One that was kept elsewhere, in shares. The array is overwritten. */
    public static GroupRoot of(byte[] secret) {
        if (secret.length != BYTES) {
            throw new IllegalArgumentException("A root has " + BYTES + " bytes, not " + secret.length + ".");
        }
        byte[] own = secret.clone();
        Arrays.fill(secret, (byte) 0);
        return new GroupRoot(own);
    }

    /** The secret itself, for splitting into shares: a copy, which the caller overwrites. */
    public byte[] secret() {
        return secret.clone();
    }

    /** What tells that a secret is this one and nothing else of it: 32 bytes, to be kept with its shares. */
    public byte[] commitment() {
        return derive("keyproof/root/commitment");
    }

    /**
     * Imports the KEKs and the binding key into a token that has none yet. They travel encrypted to a key pair that the token makes for
     * the moment. All are there after, or none.
     *
     * @throws TokenException.KeyExists when the token has a root already
     * @throws TokenException.Unsupported when the token lacks a guard that its configuration does not waive, or cannot unwrap keys
     */
    public void importInto(Token token) throws TokenException {
        RootImport.run(token, this);
    }

    /** The key of that name; the caller overwrites it. */
    byte[] derive(String name) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveData(HKDFParameterSpec.ofExtract().addIKM(secret).thenExpand(name.getBytes(UTF_8), BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java run time has no HKDF.", e);
        }
    }

    @Override
    public void close() {
        Arrays.fill(secret, (byte) 0);
    }

    @Override
    public String toString() {
        return "GroupRoot";
    }
}
