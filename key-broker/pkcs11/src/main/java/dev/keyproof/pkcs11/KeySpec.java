package dev.keyproof.pkcs11;

/** What kinds of key can be born. Each kind has one purpose, which the token itself enforces. */
public enum KeySpec {
    /** Encrypts and decrypts by AES-256-GCM, nothing else. */
    AES_256_GCM(Purpose.ENCRYPT, 256),
    /** Computes HMAC-SHA-256, nothing else. */
    HMAC_SHA256(Purpose.MAC, 256),
    /** Signs by RSA, 2048 bits. */
    RSA_2048(Purpose.SIGN, 2048),
    /** Signs by RSA, 3072 bits. */
    RSA_3072(Purpose.SIGN, 3072),
    /** Signs by RSA, 4096 bits. */
    RSA_4096(Purpose.SIGN, 4096),
    /** Signs by ECDSA on P-256. */
    EC_P256(Purpose.SIGN, 256),
    /** Signs by ECDSA on P-384. */
    EC_P384(Purpose.SIGN, 384),
    /** Signs by ECDSA on P-521. */
    EC_P521(Purpose.SIGN, 521),
    /** Signs by Ed25519 (RFC 8032, pure). */
    ED25519(Purpose.SIGN, 256);

    /** The one thing a key is for. */
    public enum Purpose {
        /** Encrypt and decrypt. */
        ENCRYPT,
        /** Sign; anyone verifies with the public key. */
        SIGN,
        /** Compute message authentication codes. */
        MAC
    }

    private final Purpose purpose;
    private final int bits;

    KeySpec(Purpose purpose, int bits) {
        this.purpose = purpose;
        this.bits = bits;
    }

    /** The one thing such a key is for. */
    public Purpose purpose() {
        return purpose;
    }

    /** The size in bits: of the secret, the modulus or the curve. */
    public int bits() {
        return bits;
    }

    boolean isRsa() {
        return this == RSA_2048 || this == RSA_3072 || this == RSA_4096;
    }

    boolean isEc() {
        return this == EC_P256 || this == EC_P384 || this == EC_P521;
    }
}
