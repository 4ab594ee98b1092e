package dev.keyproof.pkcs11;

import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    static KeyHandle birth(Cryptoki cryptoki, long session, KeyHandle key, Set<Guard> guards) throws TokenException {
        try {
            if (key.spec().isPair()) {
                pair(cryptoki, session, key, guards);
            } else {
                secret(cryptoki, session, key, guards);
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

    private static void secret(Cryptoki cryptoki, long session, KeyHandle key, Set<Guard> guards)
            throws TokenException {
        KeySpec spec = key.spec();
        Template template = KeyKinds.usage(resident(key), spec).number(Ck.VALUE_LEN, spec.bits() / 8);
        cryptoki.generateKey(
                session, KeyKinds.generator(spec), KeyKinds.bound(template, guards, KeyKinds.mechanisms(spec)));
    }

    private static void pair(Cryptoki cryptoki, long session, KeyHandle key, Set<Guard> guards) throws TokenException {
        KeySpec spec = key.spec();
        // One that only decrypts cannot sign a certificate for itself, so its public half stays as it is.
        boolean certified = spec.purpose() == KeySpec.Purpose.SIGN;
        Template open = KeyKinds.publicHalf(spec).flag(Ck.ON_TOKEN, !certified);
        if (!certified) {
            open.bytes(Ck.ID, key.id()).text(Ck.LABEL, key.label());
            KeyKinds.closed(open, guards);
        }
        Cryptoki.Pair pair = cryptoki.generateKeyPair(
                session,
                KeyKinds.generator(spec),
                open,
                KeyKinds.bound(KeyKinds.usage(resident(key), spec), guards, KeyKinds.mechanisms(spec)));
        if (!certified) {
            return;
        }
        try {
            SubjectPublicKeyInfo publicKey = publicKey(cryptoki, session, spec, pair.publicKey());
            Certificates.selfSigned(cryptoki, session, pair.privateKey(), spec, key.id(), key.label(), publicKey);
        } finally {
            cryptoki.destroyObject(session, pair.publicKey());
        }
    }

    /** What a secret becomes that is imported as that key. */
    static Template imported(KeyHandle key, Set<Guard> guards) {
        return KeyKinds.bound(KeyKinds.usage(resident(key), key.spec()), guards, KeyKinds.mechanisms(key.spec()));
    }

    private static Template resident(KeyHandle key) {
        return new Template()
                .number(Ck.CLASS, KeyKinds.kind(key.spec()))
                .number(Ck.KEY_TYPE, KeyKinds.type(key.spec()))
                .bytes(Ck.ID, key.id())
                .text(Ck.LABEL, key.label())
                .flag(Ck.ON_TOKEN, true)
                .flag(Ck.PRIVATE, true)
                .flag(Ck.SENSITIVE, true)
                .flag(Ck.EXTRACTABLE, false);
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
