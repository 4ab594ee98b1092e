package dev.keyproof.pkcs11;

import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * Makes keys with the attributes they keep for life. A signing key is complete when its certificate stands beside it; what
 * a crash leaves in between is not found as a key, and is cleared away when its id is asked for again.
 */
final class Births {
    private Births() {}

    /** Makes the key and, for a signing key, its certificate; what a failure leaves half done is taken away. */
    static KeyHandle birth(Cryptoki cryptoki, long session, KeyHandle key) throws TokenException {
        try {
            if (key.spec().purpose() == KeySpec.Purpose.SIGN) {
                pair(cryptoki, session, key.spec(), key.id(), key.label());
            } else {
                secret(cryptoki, session, key.spec(), key.id(), key.label());
            }
            return key;
        } catch (TokenException e) {
            try {
                clear(cryptoki, session, key.id());
            } catch (TokenException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private static void secret(Cryptoki cryptoki, long session, KeySpec spec, byte[] id, String label)
            throws TokenException {
        boolean encrypts = spec == KeySpec.AES_256_GCM;
        Template template = common(Ck.SECRET_KEY, type(spec), id, label)
                .number(Ck.VALUE_LEN, spec.bits() / 8)
                .flag(Ck.WRAP, false)
                .flag(Ck.ENCRYPT, encrypts)
                .flag(Ck.DECRYPT, encrypts)
                .flag(Ck.SIGN, !encrypts)
                .flag(Ck.VERIFY, !encrypts);
        cryptoki.generateKey(session, secretGenerator(spec), sealed(template, mechanisms(spec)));
    }

    private static void pair(Cryptoki cryptoki, long session, KeySpec spec, byte[] id, String label)
            throws TokenException {
        Template closed = common(Ck.PRIVATE_KEY, type(spec), id, label)
                .flag(Ck.SIGN, true)
                .flag(Ck.SIGN_RECOVER, false)
                .flag(Ck.DECRYPT, false);
        Cryptoki.Pair pair = cryptoki.generateKeyPair(
                session, generator(spec), publicTemplate(spec), sealed(closed, mechanisms(spec)));
        try {
            SubjectPublicKeyInfo publicKey = publicKey(cryptoki, session, spec, pair.publicKey());
            Certificates.selfSigned(cryptoki, session, pair.privateKey(), spec, id, label, publicKey);
        } finally {
            cryptoki.destroyObject(session, pair.publicKey());
        }
    }

    /** The public half is for the moment of birth only: a certificate or the caller carries it from then on. */
    static Template publicTemplate(KeySpec spec) {
        Template open = new Template()
                .number(Ck.CLASS, Ck.PUBLIC_KEY)
                .number(Ck.KEY_TYPE, type(spec))
                .flag(Ck.ON_TOKEN, false)
                .flag(Ck.PRIVATE, false)
                .flag(Ck.VERIFY, true)
                .flag(Ck.ENCRYPT, false)
                .flag(Ck.WRAP, false)
                .flag(Ck.DERIVE, false);
        return spec.isRsa()
                ? open.number(Ck.MODULUS_BITS, spec.bits()).bytes(Ck.PUBLIC_EXPONENT, new byte[] {1, 0, 1})
                : open.bytes(Ck.EC_PARAMS, Curves.parameters(spec));
    }

    private static Template common(long kind, long type, byte[] id, String label) {
        return new Template()
                .number(Ck.CLASS, kind)
                .number(Ck.KEY_TYPE, type)
                .bytes(Ck.ID, id)
                .text(Ck.LABEL, label)
                .flag(Ck.ON_TOKEN, true)
                .flag(Ck.PRIVATE, true)
                .flag(Ck.SENSITIVE, true)
                .flag(Ck.EXTRACTABLE, false)
                .flag(Ck.UNWRAP, false)
                .flag(Ck.DERIVE, false);
    }

    /** Bound to its mechanisms, so that a GCM key is no counter-mode oracle; then closed to change. */
    private static Template sealed(Template template, long... mechanisms) {
        return template.number(Ck.ALLOWED_MECHANISMS, mechanisms)
                .flag(Ck.COPYABLE, false)
                .flag(Ck.MODIFIABLE, false);
    }

    /** CKK of such a key. */
    static long type(KeySpec spec) {
        return switch (spec) {
            case AES_256_GCM -> Ck.KEY_AES;
            case HMAC_SHA256 -> Ck.KEY_GENERIC_SECRET;
            case RSA_2048, RSA_3072, RSA_4096 -> Ck.KEY_RSA;
            case EC_P256, EC_P384, EC_P521 -> Ck.KEY_EC;
            case ED25519 -> Ck.KEY_EC_EDWARDS;
        };
    }

    /** The only mechanisms that such a key is used with. */
    static long[] mechanisms(KeySpec spec) {
        return switch (spec.purpose()) {
            case ENCRYPT -> new long[] {Ck.AES_GCM};
            case MAC -> new long[] {Ck.SHA256_HMAC};
            case SIGN -> signers(spec);
        };
    }

    static long secretGenerator(KeySpec spec) {
        return spec == KeySpec.AES_256_GCM ? Ck.AES_KEY_GEN : Ck.GENERIC_SECRET_KEY_GEN;
    }

    static long generator(KeySpec spec) {
        return spec.isRsa() ? Ck.RSA_PKCS_KEY_PAIR_GEN : spec.isEc() ? Ck.EC_KEY_PAIR_GEN : Ck.EC_EDWARDS_KEY_PAIR_GEN;
    }

    private static long[] signers(KeySpec spec) {
        if (spec.isRsa()) {
            return new long[] {
                Ck.RSA_PKCS,
                Ck.RSA_PKCS_PSS,
                Ck.SHA256_RSA_PKCS,
                Ck.SHA384_RSA_PKCS,
                Ck.SHA512_RSA_PKCS,
                Ck.SHA256_RSA_PKCS_PSS,
                Ck.SHA384_RSA_PKCS_PSS,
                Ck.SHA512_RSA_PKCS_PSS
            };
        }
        return new long[] {spec.isEc() ? Ck.ECDSA : Ck.EDDSA};
    }

    static SubjectPublicKeyInfo publicKey(Cryptoki cryptoki, long session, KeySpec spec, long object)
            throws TokenException {
        Map<Long, byte[]> read = cryptoki.attributes(session, object, Ck.MODULUS, Ck.PUBLIC_EXPONENT, Ck.EC_POINT);
        try {
            if (spec.isRsa()) {
                return new SubjectPublicKeyInfo(
                        new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                        new RSAPublicKey(
                                new BigInteger(1, present(read, Ck.MODULUS)),
                                new BigInteger(1, present(read, Ck.PUBLIC_EXPONENT))));
            }
            byte[] point =
                    ASN1OctetString.getInstance(present(read, Ck.EC_POINT)).getOctets();
            AlgorithmIdentifier algorithm = spec.isEc()
                    ? new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, Curves.oid(spec))
                    : new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);
            return new SubjectPublicKeyInfo(algorithm, point);
        } catch (IOException | IllegalArgumentException e) {
            throw new TokenException("The token shows a public key that cannot be read.", e);
        }
    }

    private static byte[] present(Map<Long, byte[]> read, long type) throws TokenException {
        byte[] value = read.get(type);
        if (value == null) {
            throw new TokenException(
                    "The token does not show attribute 0x" + Long.toHexString(type) + " of a fresh public key.");
        }
        return value;
    }

    /** Takes away what a birth that was cut short, or a death, left under this id. */
    static void clear(Cryptoki cryptoki, long session, byte[] id) throws TokenException {
        List<Long> objects = cryptoki.find(session, TokenObjects.persistent().bytes(Ck.ID, id));
        for (long object : objects) {
            cryptoki.destroyObject(session, object);
        }
    }
}
