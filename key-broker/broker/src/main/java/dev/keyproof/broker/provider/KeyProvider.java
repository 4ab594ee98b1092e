package dev.keyproof.broker.provider;

import dev.keyproof.broker.key.Algorithm;
import dev.keyproof.broker.key.KeyVersion;
import dev.keyproof.broker.key.Residence;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;

/**
 * A place where keys live and work: a token, later a cloud. Thread-safe.
 *
 * <p>Laws: {@code decrypt(k, encrypt(k, p, a), a)} is {@code p}, and with any other {@code a} it is
 * {@link Problem#NOT_DECRYPTABLE}, which a key pair takes none of; {@code verify(k, s, m, sign(k, s, m))} is true; after {@link #destroy} the device
 * does not hold the key, and a replicated key whose wrapped form is altered or belongs to another is {@link Problem#KEY_TAMPERED}. Every method throws {@link Problem#PROVIDER_UNAVAILABLE} when the device does not answer, and
 * {@link Problem#INVALID_INPUT} when it cannot do what is asked.
 */
public interface KeyProvider {
    /** The name that keys and records carry. */
    String name();

    /** What it can do; the broker asks nothing of it that is not there. */
    Capabilities capabilities() throws ProblemException;

    /**
     * Lets a key version be born, and reads its attributes back. Asking twice for one version is an error.
     *
     * @param birth uid of the record that orders it, to which a replicated key is bound
     */
    Attempt<Birth> create(String keyId, int version, Algorithm algorithm, Residence residence, String birth)
            throws ProblemException;

    /** Whether the device itself holds the key version, whether or not the database knows it; for recovery. */
    boolean holds(String keyId, int version) throws ProblemException;

    /** Destroys a key version in the device and reads back that it is absent. Destroying what is not there is no error. */
    Attempt<Boolean> destroy(String keyId, int version) throws ProblemException;

    /** Lets go of whatever is held of a version that was destroyed, such as a replicated key that is unwrapped; it never comes back. */
    void forget(KeyVersion key);

    /**
     * Authenticated encryption; the result holds all that {@link #decrypt} needs. By a key pair it is RSAES-OAEP with SHA-256, which
     * takes no associated data: empty there.
     */
    Attempt<byte[]> encrypt(Use use, byte[] plaintext, byte[] associatedData) throws ProblemException;

    Attempt<byte[]> decrypt(Use use, byte[] sealed, byte[] associatedData) throws ProblemException;

    /** Signs a message, or its digest where {@code digested}. */
    Attempt<byte[]> sign(Use use, SignatureScheme scheme, byte[] message, boolean digested) throws ProblemException;

    Attempt<Boolean> verify(Use use, SignatureScheme scheme, byte[] message, byte[] signature) throws ProblemException;

    Attempt<byte[]> mac(Use use, byte[] message) throws ProblemException;

    /** The public key of a signing key, as SubjectPublicKeyInfo. */
    Attempt<byte[]> publicKey(KeyVersion key) throws ProblemException;

    /** Random bytes of the device. */
    byte[] random(int length) throws ProblemException;
}
