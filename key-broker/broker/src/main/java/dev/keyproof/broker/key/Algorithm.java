package dev.keyproof.broker.key;

import java.util.List;

/** Algorithms by the names of the public interface; which of them may be used is policy's to say. */
public enum Algorithm {
    AES_256_GCM("AES", 256, Purpose.ENCRYPT, Purpose.WRAP),
    RSA_2048("RSA", 2048, Purpose.SIGN),
    RSA_3072("RSA", 3072, Purpose.SIGN),
    RSA_4096("RSA", 4096, Purpose.SIGN),
    EC_P256("EC", 256, Purpose.SIGN),
    EC_P384("EC", 384, Purpose.SIGN),
    EC_P521("EC", 521, Purpose.SIGN),
    ED25519("EC_EDWARDS", 256, Purpose.SIGN),
    HMAC_SHA256("GENERIC_SECRET", 256, Purpose.MAC, Purpose.DERIVE),
    HMAC_SHA384("GENERIC_SECRET", 384, Purpose.MAC),
    HMAC_SHA512("GENERIC_SECRET", 512, Purpose.MAC);

    private final String keyType;
    private final int bits;

    @SuppressWarnings("ImmutableEnumChecker") // A copy that nobody can change.
    private final List<Purpose> purposes;

    Algorithm(String keyType, int bits, Purpose... purposes) {
        this.keyType = keyType;
        this.bits = bits;
        this.purposes = List.of(purposes);
    }

    /** The purposes that a key of this algorithm may have, one each; the usual one first. */
    public List<Purpose> purposes() {
        return purposes;
    }

    public String keyType() {
        return keyType;
    }

    public int bits() {
        return bits;
    }
}
