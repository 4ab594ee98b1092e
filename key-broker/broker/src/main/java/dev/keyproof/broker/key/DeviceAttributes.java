package dev.keyproof.broker.key;

/** A key's attributes as the device answered when asked after the key's birth; for a key pair those of the private key. */
public record DeviceAttributes(
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
        String keyType,
        int bits) {}
