package dev.keyproof.pkcs11;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;

/** The curves by their object identifiers, which is how PKCS#11 and certificates name them. */
final class Curves {
    private static final KeySpec[] SPECS = {KeySpec.EC_P256, KeySpec.EC_P384, KeySpec.EC_P521, KeySpec.ED25519};

    /** PKCS#11 v3.0 allows a PrintableString for Edwards curves, and SoftHSM answers with one whatever it was given. */
    private static final byte[] EDWARDS25519 = HexFormat.of().parseHex("130c656477617264733235353139");

    private Curves() {}

    static ASN1ObjectIdentifier oid(KeySpec spec) {
        return switch (spec) {
            case EC_P256 -> X9ObjectIdentifiers.prime256v1;
            case EC_P384 -> SECObjectIdentifiers.secp384r1;
            case EC_P521 -> SECObjectIdentifiers.secp521r1;
            case ED25519 -> EdECObjectIdentifiers.id_Ed25519;
            default -> throw new IllegalArgumentException(spec + " has no curve.");
        };
    }

    /** CKA_EC_PARAMS. */
    static byte[] parameters(KeySpec spec) {
        try {
            return oid(spec).getEncoded();
        } catch (IOException e) {
            throw new IllegalStateException("An object identifier has no encoding.", e);
        }
    }

    static @Nullable KeySpec spec(byte @Nullable [] parameters) {
        for (KeySpec spec : SPECS) {
            if (Arrays.equals(parameters, parameters(spec))) {
                return spec;
            }
        }
        return Arrays.equals(parameters, EDWARDS25519) ? KeySpec.ED25519 : null;
    }
}
