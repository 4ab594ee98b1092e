package dev.keyproof.broker.key;

import java.util.List;

/** Algorithms by the names of the public interface; which of them may be used is policy's to say. */
public enum Algorithm {
    AES_256_GCM("AES", 256, Purpose.ENCRYPT, Purpose.WRAP),
    RSA_2048("RSA", 2048, Purpose.SIGN),
    RSA_3072("RSA", 3072, Purpose.SIGN),
    RSA_4096("RSA", 4096, Purpose.SIGN),
    /** RSAES-OAEP (RFC 8017) with SHA-256 and MGF1 by the same. */
    RSA_OAEP_2048("RSA", 2048, Purpose.ENCRYPT),
    RSA_OAEP_3072("RSA", 3072, Purpose.ENCRYPT),
    RSA_OAEP_4096("RSA", 4096, Purpose.ENCRYPT),
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

    /** Whether its keys have a public half. */
    public boolean isPair() {
        return !keyType.equals("AES") && !keyType.equals("GENERIC_SECRET");
    }

    /** Whether what its keys encrypt is bound to a context. */
    public boolean bindsContext() {
        return keyType.equals("AES");
    }

    /** How many bytes its keys encrypt at most: OAEP by SHA-256 takes two hashes and two bytes of the modulus. */
    public int room() {
        return bindsContext() ? Integer.MAX_VALUE : bits / 8 - 2 * 32 - 2;
    }

    public String keyType() {
        return keyType;
    }

    public int bits() {
        return bits;
    }
}
