package dev.keyproof.pkcs11;

import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where keys are born and used: one {@link Token}, or a {@link TokenGroup} of tokens that hold the same root. Safe for any number of
 * threads, virtual ones included.
 */
public sealed interface Device extends AutoCloseable permits Token, TokenGroup {

    /** What it can do; a group can do what each of its tokens can. */
    Capabilities capabilities() throws TokenException;

    /**
     * Lets a key be born and stay: persistent, sensitive, never extractable, for one purpose, not to be modified or copied. A signing
     * key gets a self-signed certificate beside it, which carries its public key; a decrypting one keeps its public key there.
     *
     * @param id CKA_ID, 1 to 64 bytes, unique in the token
     * @param label CKA_LABEL, 1 to 255 characters, unique in the token
     * @throws TokenException.KeyExists when id or label is taken
     * @throws TokenException.Unsupported when the token lacks a guard that its configuration does not waive
     */
    KeyHandle generate(KeySpec spec, byte[] id, String label) throws TokenException;

    /** The resident key with this CKA_ID; the token is asked only the first time. */
    Optional<KeyHandle> find(byte[] id) throws TokenException;

    /** Destroys a resident key and what stands beside it for good. Handles to it end here. */
    void destroy(KeyHandle key) throws TokenException;

    /** Reads the key's attributes back from the device. */
    KeyAttributes attributes(KeyHandle key) throws TokenException;

    /**
     * Encrypts by AES-256-GCM under an IV of 12 random bytes from the token, or by AES-256 in counter mode from a random block.
     *
     * @param aad associated data, empty for none; counter mode takes none
     * @return for GCM IV (12 bytes), ciphertext, tag (16 bytes); for counter mode first block (16 bytes), ciphertext
     */
    byte[] encrypt(KeyHandle key, byte[] plaintext, byte[] aad) throws TokenException;

    /**
     * Decrypts what {@link #encrypt(KeyHandle, byte[], byte[])} made.
     *
     * @throws TokenException.Rejected when ciphertext or associated data were altered, or belong to another key; counter mode cannot
     *     tell
     */
    byte[] decrypt(KeyHandle key, byte[] ciphertext, byte[] aad) throws TokenException;

    /** Encrypts to a key pair, in software. */
    default byte[] encrypt(KeyHandle key, EncryptionAlgorithm algorithm, byte[] plaintext) throws TokenException {
        KeyUse.require(key, KeySpec.Purpose.DECRYPT);
        if (plaintext.length > algorithm.room(key.spec())) {
            throw new TokenException.Unsupported(key + " takes at most " + algorithm.room(key.spec()) + " bytes by "
                    + algorithm + ", not " + plaintext.length + ".");
        }
        return Oaep.encrypt(publicKey(key), algorithm, plaintext);
    }

    /**
     * Decrypts what was encrypted to a key pair.
     *
     * @throws TokenException.Rejected when it was not, or by another algorithm
     */
    byte[] decrypt(KeyHandle key, EncryptionAlgorithm algorithm, byte[] ciphertext) throws TokenException;

    /** Signs a message; ECDSA signatures are in DER form. */
    byte[] sign(KeyHandle key, SignatureAlgorithm algorithm, byte[] message) throws TokenException;

    /** Signs a digest that the caller computed with {@link SignatureAlgorithm#digest()}; not for Ed25519. */
    byte[] signDigest(KeyHandle key, SignatureAlgorithm algorithm, byte[] digest) throws TokenException;

    /** Verifies in software with the key's public key. A malformed signature is a false one. */
    default boolean verify(KeyHandle key, SignatureAlgorithm algorithm, byte[] message, byte[] signature)
            throws TokenException {
        KeyUse.require(key, algorithm);
        return Verification.verify(publicKey(key), algorithm, message, signature);
    }

    /** HMAC of a message by the key's hash: 32, 48 or 64 bytes. */
    byte[] mac(KeyHandle key, byte[] message) throws TokenException;

    /** Whether a MAC is this key's for the message, compared in constant time. */
    default boolean verifyMac(KeyHandle key, byte[] message, byte[] mac) throws TokenException {
        return MessageDigest.isEqual(mac(key, message), mac);
    }

    /** The public half of a key pair. */
    PublicKey publicKey(KeyHandle key) throws TokenException;

    /** Keys that are kept wrapped outside of the token. */
    WrappedKeys wrappedKeys() throws TokenException;

    /** Random bytes of the token. */
    byte[] random(int length) throws TokenException;

    /** Every object that each token holds now, by the token's label; a token that does not answer is not there. */
    Map<String, List<TokenObject>> inventories() throws TokenException;

    /**
     * The objects with this CKA_ID, whole keys or parts of one, by their token's label; a token that has none is not there.
     *
     * @throws TokenException.TokenNotPresent when a token does not answer, for it may have some
     */
    Map<String, List<TokenObject>> objects(byte[] id) throws TokenException;

    /** How busy each shard is now, without asking the module; a token that is not open is not there. */
    List<ShardLoad> load();

    /** Logs out and closes all sessions. Nothing of this device may be used after. */
    @Override
    void close() throws TokenException;
}
