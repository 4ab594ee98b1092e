package dev.keyproof.pkcs11;

/** How a signature is made. RSA by PKCS #1 v1.5 or PSS (salt as long as the hash), ECDSA in DER form, Ed25519 pure. */
public enum SignatureAlgorithm {
    /** RSASSA-PKCS1-v1_5 with SHA-256. */
    RSA_PKCS1_SHA256("SHA256withRSA", "SHA-256", 32),
    /** RSASSA-PKCS1-v1_5 with SHA-384. */
    RSA_PKCS1_SHA384("SHA384withRSA", "SHA-384", 48),
    /** RSASSA-PKCS1-v1_5 with SHA-512. */
    RSA_PKCS1_SHA512("SHA512withRSA", "SHA-512", 64),
    /** RSASSA-PSS with SHA-256, MGF1 with SHA-256, salt 32. */
    RSA_PSS_SHA256("RSASSA-PSS", "SHA-256", 32),
    /** RSASSA-PSS with SHA-384, MGF1 with SHA-384, salt 48. */
    RSA_PSS_SHA384("RSASSA-PSS", "SHA-384", 48),
    /** RSASSA-PSS with SHA-512, MGF1 with SHA-512, salt 64. */
    RSA_PSS_SHA512("RSASSA-PSS", "SHA-512", 64),
    /** ECDSA with SHA-256. */
    ECDSA_SHA256("SHA256withECDSA", "SHA-256", 32),
    /** ECDSA with SHA-384. */
    ECDSA_SHA384("SHA384withECDSA", "SHA-384", 48),
    /** ECDSA with SHA-512. */
    ECDSA_SHA512("SHA512withECDSA", "SHA-512", 64),
    /** Ed25519, which hashes by itself and takes whole messages only. */
    ED25519("Ed25519", "", 0);

    private final String jcaName;
    private final String digest;
    private final int digestLength;

    SignatureAlgorithm(String jcaName, String digest, int digestLength) {
        this.jcaName = jcaName;
        this.digest = digest;
        this.digestLength = digestLength;
    }

    /** The name for {@link java.security.Signature}; PSS needs its parameters besides. */
    public String jcaName() {
        return jcaName;
    }

    /** The JCA name of the hash, empty for Ed25519. */
    public String digest() {
        return digest;
    }

    /** The length of the hash in bytes, 0 for Ed25519. */
    public int digestLength() {
        return digestLength;
    }

    /** Whether a key of this kind can make such signatures. */
    public boolean fits(KeySpec spec) {
        return switch (this) {
            case ED25519 -> spec == KeySpec.ED25519;
            case ECDSA_SHA256, ECDSA_SHA384, ECDSA_SHA512 -> spec.isEc();
            default -> spec.isRsa() && spec.purpose() == KeySpec.Purpose.SIGN;
        };
    }

    /** The usual algorithm of a signing key: PSS for RSA, the hash of the curve's strength for ECDSA. */
    public static SignatureAlgorithm usual(KeySpec spec) {
        return switch (spec) {
            case RSA_2048, RSA_3072, RSA_4096 -> RSA_PSS_SHA256;
            case EC_P256 -> ECDSA_SHA256;
            case EC_P384 -> ECDSA_SHA384;
            case EC_P521 -> ECDSA_SHA512;
            case ED25519 -> ED25519;
            default -> throw new IllegalArgumentException(spec + " does not sign.");
        };
    }

    boolean isPss() {
        return this == RSA_PSS_SHA256 || this == RSA_PSS_SHA384 || this == RSA_PSS_SHA512;
    }
}
