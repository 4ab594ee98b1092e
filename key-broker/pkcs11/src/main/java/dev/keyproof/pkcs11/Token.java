package dev.keyproof.pkcs11;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * An open token: keys are born in it, read back from it and used in it, and never leave it. Safe for any number of threads,
 * virtual ones included.
 *
 * <p>SoftHSM reads the environment variable {@code SOFTHSM2_CONF} when its module is loaded, so it must stand in the
 * environment of the process before {@link #open} or {@link #initialise}; Java cannot set it.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Token implements AutoCloseable {
    private Token() {}

    /**
     * Makes a new token in a free slot of the module.
     *
     * @throws TokenException.TokenExists when there is one with this label
     */
    public static void initialise(Path module, String label, PinSource soPin, PinSource userPin) throws TokenException {
        throw new UnsupportedOperationException();
    }

    /** Opens a token and logs in. */
    public static Token open(TokenConfig config) throws TokenException {
        throw new UnsupportedOperationException();
    }

    /**
     * Lets a key be born in the token: persistent, sensitive, never extractable, for one purpose, not to be modified or
     * copied. A signing key gets a self-signed certificate beside it, which carries its public key.
     *
     * @param id CKA_ID, 1 to 64 bytes, unique in the token
     * @param label CKA_LABEL, unique in the token
     * @throws TokenException.KeyExists when id or label is taken
     */
    public KeyHandle generate(KeySpec spec, byte[] id, String label) throws TokenException {
        throw new UnsupportedOperationException();
    }

    /** The key with this CKA_ID; the token is asked only the first time. */
    public Optional<KeyHandle> find(byte[] id) throws TokenException {
        throw new UnsupportedOperationException();
    }

    /** The key with this CKA_LABEL. */
    public Optional<KeyHandle> findByLabel(String label) throws TokenException {
        throw new UnsupportedOperationException();
    }

    /** All complete keys in the token. */
    public List<KeyHandle> keys() throws TokenException {
        throw new UnsupportedOperationException();
    }

    /** Reads the key's attributes back from the device. */
    public KeyAttributes attributes(KeyHandle key) throws TokenException {
        throw new UnsupportedOperationException();
    }

    /**
     * Encrypts by AES-256-GCM under an IV of 12 random bytes from the token.
     *
     * @param aad associated data, empty for none
     * @return IV (12 bytes), ciphertext, tag (16 bytes)
     */
    public byte[] encrypt(KeyHandle key, byte[] plaintext, byte[] aad) throws TokenException {
        throw new UnsupportedOperationException();
    }

    /**
     * Decrypts what {@link #encrypt} made.
     *
     * @throws TokenException.Rejected when ciphertext or associated data were altered, or belong to another key
     */
    public byte[] decrypt(KeyHandle key, byte[] ciphertext, byte[] aad) throws TokenException {
        throw new UnsupportedOperationException();
    }

    /** Signs a message; ECDSA signatures are in DER form. */
    public byte[] sign(KeyHandle key, SignatureAlgorithm algorithm, byte[] message) throws TokenException {
        throw new UnsupportedOperationException();
    }

    /** Signs a digest that the caller computed with {@link SignatureAlgorithm#digest()}; not for Ed25519. */
    public byte[] signDigest(KeyHandle key, SignatureAlgorithm algorithm, byte[] digest) throws TokenException {
        throw new UnsupportedOperationException();
    }

    /** Verifies in software with the key's public key. A malformed signature is a false one. */
    public boolean verify(KeyHandle key, SignatureAlgorithm algorithm, byte[] message, byte[] signature)
            throws TokenException {
        throw new UnsupportedOperationException();
    }

    /** HMAC-SHA-256 of a message, 32 bytes. */
    public byte[] mac(KeyHandle key, byte[] message) throws TokenException {
        throw new UnsupportedOperationException();
    }

    /** The public key of a signing key. */
    public PublicKey publicKey(KeyHandle key) throws TokenException {
        throw new UnsupportedOperationException();
    }

    /** The self-signed certificate that was made with a signing key. */
    public X509Certificate certificate(KeyHandle key) throws TokenException {
        throw new UnsupportedOperationException();
    }

    /** A private key for JCA, whose bytes stay in the token; use it with {@link #provider()}. Not for Ed25519. */
    public PrivateKey jcaPrivateKey(KeyHandle key) throws TokenException {
        throw new UnsupportedOperationException();
    }

    /** The JCA provider that {@link #jcaPrivateKey} keys work with. */
    public Provider provider() {
        throw new UnsupportedOperationException();
    }

    /** Destroys a key and its certificate for good. Handles to it end here. */
    public void destroy(KeyHandle key) throws TokenException {
        throw new UnsupportedOperationException();
    }

    /** Random bytes of the token. */
    public byte[] random(int length) throws TokenException {
        throw new UnsupportedOperationException();
    }

    /** The token's label, model, serial number and manufacturer as the device tells them. */
    public TokenInfo info() {
        throw new UnsupportedOperationException();
    }

    /** Logs out and closes all sessions. Nothing of this token may be used after. */
    @Override
    public void close() {}
}
