package dev.keyproof.pkcs11;

/** What kinds of key can be born. Each kind has one purpose, which the token itself enforces. */
public enum KeySpec {
    /** Encrypts and decrypts by AES-256-GCM, nothing else. */
    AES_256_GCM(Purpose.ENCRYPT, Family.AES, 256),
    /** Encrypts and decrypts by AES-256 in counter mode, nothing else: without a tag, so altered ciphertext passes. */
    AES_256_CTR(Purpose.ENCRYPT, Family.AES, 256),
    /** Computes HMAC-SHA-256, nothing else. */
    HMAC_SHA256(Purpose.MAC, Family.HMAC, 256),
    /** Computes HMAC-SHA-384, nothing else. */
    HMAC_SHA384(Purpose.MAC, Family.HMAC, 384),
    /** Computes HMAC-SHA-512, nothing else. */
    HMAC_SHA512(Purpose.MAC, Family.HMAC, 512),
    /** Signs by RSA, 2048 bits. */
    RSA_2048(Purpose.SIGN, Family.RSA, 2048),
    /** Signs by RSA, 3072 bits. */
    RSA_3072(Purpose.SIGN, Family.RSA, 3072),
    /** Signs by RSA, 4096 bits. */
    RSA_4096(Purpose.SIGN, Family.RSA, 4096),
    /** Decrypts by RSAES-OAEP, 2048 bits. */
    RSA_OAEP_2048(Purpose.DECRYPT, Family.RSA, 2048),
    /** Decrypts by RSAES-OAEP, 3072 bits. */
    RSA_OAEP_3072(Purpose.DECRYPT, Family.RSA, 3072),
    /** Decrypts by RSAES-OAEP, 4096 bits. */
    RSA_OAEP_4096(Purpose.DECRYPT, Family.RSA, 4096),
    /** Signs by ECDSA on P-256. */
    EC_P256(Purpose.SIGN, Family.EC, 256),
    /** Signs by ECDSA on P-384. */
    EC_P384(Purpose.SIGN, Family.EC, 384),
    /** Signs by ECDSA on P-521. */
    EC_P521(Purpose.SIGN, Family.EC, 521),
    /** Signs by Ed25519 (RFC 8032, pure). */
    ED25519(Purpose.SIGN, Family.EDWARDS, 256);

    /** The one thing a key is for. */
    public enum Purpose {
        /** Encrypt and decrypt. */
        ENCRYPT,
        /** Decrypt what anyone encrypts with the public key. */
        DECRYPT,
        /** Sign; anyone verifies with the public key. */
        SIGN,
        /** Compute message authentication codes. */
        MAC
    }

    /** What such a key is made of. */
    enum Family {
        AES,
        HMAC,
        RSA,
        EC,
        EDWARDS
    }

    private final Purpose purpose;
    private final Family family;
    private final int bits;

    KeySpec(Purpose purpose, Family family, int bits) {
        this.purpose = purpose;
        this.family = family;
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

    /** Whether such a key has a public half. */
    public boolean isPair() {
        return purpose == Purpose.SIGN || purpose == Purpose.DECRYPT;
    }

    Family family() {
        return family;
    }

    boolean isRsa() {
        return family == Family.RSA;
    }

    boolean isEc() {
        return family == Family.EC;
    }

    /** SunPKCS11 signs, MACs and does GCM; it knows neither OAEP in PKCS#11 nor Edwards curves. */
    boolean throughJca() {
        return this != AES_256_CTR && purpose != Purpose.DECRYPT && family != Family.EDWARDS;
    }
}
