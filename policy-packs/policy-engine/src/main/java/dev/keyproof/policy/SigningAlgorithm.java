package dev.keyproof.policy;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAKey;
import java.security.spec.X509EncodedKeySpec;

/** How a bundle may be signed, by the names that {@code opa} has for it (RFC 7518). Which one it is, a part is told; a bundle cannot choose. */
public enum SigningAlgorithm {
    RS256("RSA", "SHA256withRSA"),
    ES256("EC", "SHA256withECDSAinP1363Format");

    private static final int LEAST_RSA_BITS = 2048;
    private static final int P256_BITS = 256;

    private final String keys;
    private final String signature;

    SigningAlgorithm(String keys, String signature) {
        this.keys = keys;
        this.signature = signature;
    }

    /** The JDK's name of it. */
    String signature() {
        return signature;
    }

    KeyFactory keys() throws GeneralSecurityException {
        return KeyFactory.getInstance(keys);
    }

    PublicKey publicKey(byte[] der) throws GeneralSecurityException {
        PublicKey key = keys().generatePublic(new X509EncodedKeySpec(der));
        check(key);
        return key;
    }

    /** @throws GeneralSecurityException when the key is not for this, or too small */
    void check(Key key) throws GeneralSecurityException {
        if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < LEAST_RSA_BITS) {
            throw new GeneralSecurityException("an RSA key of less than " + LEAST_RSA_BITS + " bits");
        }
        if (key instanceof ECPublicKey ec && ec.getParams().getOrder().bitLength() != P256_BITS) {
            throw new GeneralSecurityException("a key on another curve than P-256");
        }
    }
}
