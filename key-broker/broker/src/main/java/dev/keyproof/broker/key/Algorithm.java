package dev.keyproof.broker.key;

/** Algorithms by the names of the public interface; which of them may be used is policy's to say. */
public enum Algorithm {
    AES_256_GCM(Purpose.ENCRYPT, "AES", 256),
    RSA_2048(Purpose.SIGN, "RSA", 2048),
    RSA_3072(Purpose.SIGN, "RSA", 3072),
    RSA_4096(Purpose.SIGN, "RSA", 4096),
    EC_P256(Purpose.SIGN, "EC", 256),
    EC_P384(Purpose.SIGN, "EC", 384),
    EC_P521(Purpose.SIGN, "EC", 521),
    HMAC_SHA256(Purpose.MAC, "GENERIC_SECRET", 256);

    private final Purpose purpose;
    private final String keyType;
    private final int bits;

    Algorithm(Purpose purpose, String keyType, int bits) {
        this.purpose = purpose;
        this.keyType = keyType;
        this.bits = bits;
    }

    /** The only purpose that a key of this algorithm has. */
    public Purpose purpose() {
        return purpose;
    }

    public String keyType() {
        return keyType;
    }

    public int bits() {
        return bits;
    }
}
