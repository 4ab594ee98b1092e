package dev.keyproof.broker.provider;

import dev.keyproof.broker.key.Algorithm;
import dev.keyproof.broker.key.KeyVersion;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.util.Optional;

/**
 * A place where keys live and work: a token, later a cloud. Thread-safe.
 *
 * <p>Laws: {@code decrypt(k, encrypt(k, p, a), a)} is {@code p}, and with any other {@code a} it is
 * {@link Problem#NOT_DECRYPTABLE}; {@code verify(k, s, m, sign(k, s, m))} is true; after {@link #destroy} the key cannot be
 * found. Every method throws {@link Problem#PROVIDER_UNAVAILABLE} when the device does not answer, and
 * {@link Problem#INVALID_INPUT} when it cannot do what is asked.
 */
public interface KeyProvider {
    /** The name that keys and records carry. */
    String name();

    Capabilities capabilities();

    /** Lets a key version be born, and reads its attributes back. Asking twice for one version is an error. */
    Attempt<Birth> create(String keyId, int version, Algorithm algorithm) throws ProblemException;

    /** The key version by our own id, whether or not the database knows it; for recovery. */
    Optional<Birth> find(String keyId, int version, Algorithm algorithm) throws ProblemException;

    /** Destroys a key version and reads back that it is absent. Destroying what is not there is no error. */
    Attempt<Boolean> destroy(String keyId, int version) throws ProblemException;

    /** Authenticated encryption; the result holds all that {@link #decrypt} needs. */
    Attempt<byte[]> encrypt(KeyVersion key, byte[] plaintext, byte[] associatedData) throws ProblemException;

    Attempt<byte[]> decrypt(KeyVersion key, byte[] sealed, byte[] associatedData) throws ProblemException;

    /** Signs a message, or its digest where {@code digested}. */
    Attempt<byte[]> sign(KeyVersion key, SignatureScheme scheme, byte[] message, boolean digested)
            throws ProblemException;

    Attempt<Boolean> verify(KeyVersion key, SignatureScheme scheme, byte[] message, byte[] signature)
            throws ProblemException;

    Attempt<byte[]> mac(KeyVersion key, byte[] message) throws ProblemException;

    /** The public key of a signing key, as SubjectPublicKeyInfo. */
    Attempt<byte[]> publicKey(KeyVersion key) throws ProblemException;

    /** Random bytes of the device. */
    byte[] random(int length) throws ProblemException;
}
