package dev.keyproof.broker.provider;

import dev.keyproof.broker.key.Algorithm;
import dev.keyproof.broker.key.Purpose;

/** How a signature is made. PSS salts are as long as the hash; ECDSA signatures are in DER form. */
public enum SignatureScheme {
    RSA_PSS_SHA256("RSA", 32),
    RSA_PSS_SHA384("RSA", 48),
    RSA_PSS_SHA512("RSA", 64),
    RSA_PKCS1_SHA256("RSA", 32),
    RSA_PKCS1_SHA384("RSA", 48),
    RSA_PKCS1_SHA512("RSA", 64),
    ECDSA_SHA256("EC", 32),
    ECDSA_SHA384("EC", 48),
    ECDSA_SHA512("EC", 64),
    /** Pure Ed25519 (RFC 8032): it takes messages, never digests. */
    ED25519("EC_EDWARDS", 0);

    private final String keyType;
    private final int digestLength;

    SignatureScheme(String keyType, int digestLength) {
        this.keyType = keyType;
        this.digestLength = digestLength;
    }

    public boolean fits(Algorithm algorithm) {
        return algorithm.keyType().equals(keyType) && algorithm.purposes().contains(Purpose.SIGN);
    }

    /** Bytes of the hash that is signed; 0 where none is. */
    public int digestLength() {
        return digestLength;
    }

    /** The scheme for a caller that names none: PSS for RSA, the hash of the curve's strength for EC. */
    public static SignatureScheme usual(Algorithm algorithm) {
        return switch (algorithm) {
            case EC_P256 -> ECDSA_SHA256;
            case EC_P384 -> ECDSA_SHA384;
            case EC_P521 -> ECDSA_SHA512;
            case ED25519 -> ED25519;
            default -> RSA_PSS_SHA256;
        };
    }
}
