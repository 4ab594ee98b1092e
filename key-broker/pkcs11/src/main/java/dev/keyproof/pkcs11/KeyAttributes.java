package dev.keyproof.pkcs11;

import java.util.List;

/**
 * What the token itself says of a key, read back attribute by attribute and never assumed. Public and private parts differ
 * in PKCS#11; for a key pair this is the private key.
 *
 * @param keyType {@code AES}, {@code GENERIC_SECRET}, {@code SHA256_HMAC}, {@code RSA}, {@code EC} or {@code EC_EDWARDS}
 * @param bits size of the secret, the modulus or the curve
 * @param id CKA_ID in lower-case hex
 * @param label CKA_LABEL
 * @param allowedMechanisms the only CKM numbers the token lets this key be used with, empty for no such limit
 */
public record KeyAttributes(
        boolean onToken,
        boolean isPrivate,
        boolean sensitive,
        boolean extractable,
        boolean alwaysSensitive,
        boolean neverExtractable,
        boolean local,
        boolean modifiable,
        boolean copyable,
        boolean encrypt,
        boolean decrypt,
        boolean sign,
        boolean verify,
        boolean wrap,
        boolean unwrap,
        boolean derive,
        String keyType,
        int bits,
        String id,
        String label,
        List<Long> allowedMechanisms) {}
