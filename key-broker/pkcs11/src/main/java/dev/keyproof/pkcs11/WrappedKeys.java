package dev.keyproof.pkcs11;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTF8String;

/**
 * Replicated keys: born in the token, kept outside of it wrapped by a token KEK, unwrapped for use into objects that live no longer
 * than the login, and from then on not extractable. So their number costs the token nothing, and another token with the same KEKs
 * serves them too. Safe for any number of threads.
 *
 * <p>A wrapped key is bound by a MAC of the token to its id, its kind and the record of its birth; one that is bound to another is
 * refused before it is unwrapped.
 */
public final class WrappedKeys {
    private static final long RENEWAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Replicas replicas;
    private final AtomicLong renewed = new AtomicLong(System.nanoTime() - RENEWAL_NANOS);
    private volatile List<KeyHandle> seals;

    WrappedKeys(Replicas replicas) throws TokenException {
        this.replicas = replicas;
        this.seals = replicas.seals();
    }

    /**
     * Lets a key be born and be wrapped; nothing of it stays in the token.
     *
     * @param id 1 to 64 bytes, the caller's own
     * @param birth names the record of this birth
     * @throws TokenException.Unsupported where the token cannot wrap such a key, as SoftHSM cannot for Ed25519
     */
    public WrappedKey generate(KeySpec spec, byte[] id, String birth) throws TokenException {
        try {
            Wrapping.Born born = replicas.born(spec);
            byte[] bound = bound(spec, id, birth, born.wrapped(), born.publicKey());
            return new WrappedKey(spec, born.wrapped(), born.publicKey(), replicas.mac(seals.getFirst(), bound));
        } catch (TokenException.DeviceError e) {
            throw Failures.wrapping(spec, e);
        }
    }

    /**
     * A handle to a wrapped key. It is unwrapped when it is first used, and again after a lost connection.
     *
     * @throws TokenException.Tampered if it was wrapped for another id, kind or birth, or was altered
     */
    public KeyHandle open(WrappedKey key, byte[] id, String label, String birth) throws TokenException {
        byte[] bound = bound(key.spec(), id, birth, key.wrapped(), key.publicBytes());
        if (!isBound(bound, key.mac(), seals) && !isBoundByAnother(bound, key.mac())) {
            throw new TokenException.Tampered(
                    "The wrapped key \"" + label + "\" is not the one that was born by the record " + birth + ".",
                    null);
        }
        return new KeyHandle(id, label, key);
    }

    /** Takes the key out of the token's memory; its handle must not be used any more. */
    public void forget(KeyHandle handle) {
        replicas.forget(handle);
    }

    private boolean isBound(byte[] bound, byte[] mac, List<KeyHandle> by) throws TokenException {
        for (KeyHandle seal : by) {
            if (MessageDigest.isEqual(replicas.mac(seal, bound), mac)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Another broker may have made a seal at first use that was not there when this one looked, or that the token does not show yet.
     * The latter is cured at most once in a while, for it writes to the token, and anybody may have altered what is opened here.
     */
    private boolean isBoundByAnother(byte[] bound, byte[] mac) throws TokenException {
        seals = replicas.seals();
        if (isBound(bound, mac, seals)) {
            return true;
        }
        long now = System.nanoTime();
        long last = renewed.get();
        if (now - last < RENEWAL_NANOS || !renewed.compareAndSet(last, now)) {
            return false;
        }
        replicas.renewSight();
        seals = replicas.seals();
        return isBound(bound, mac, seals);
    }

    private static byte[] bound(KeySpec spec, byte[] id, String birth, byte[] wrapped, byte[] publicKey) {
        try {
            byte[] bound = new DERSequence(new ASN1Encodable[] {
                        new DERUTF8String(spec.name()),
                        new DEROctetString(id),
                        new DERUTF8String(birth),
                        new DEROctetString(wrapped),
                        new DEROctetString(publicKey)
                    })
                    .getEncoded("DER");
            return MessageDigest.getInstance("SHA-256").digest(bound);
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256, and bytes have an encoding.", e);
        }
    }
}
