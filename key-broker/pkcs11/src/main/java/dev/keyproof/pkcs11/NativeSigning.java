package dev.keyproof.pkcs11;

import java.io.IOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.DigestInfo;

/** Signatures by C_Sign itself: over digests, for certificates at birth, and where SunPKCS11 does not know the curve. */
final class NativeSigning {
    private NativeSigning() {}

    static byte[] sign(Cryptoki cryptoki, long session, long key, SignatureAlgorithm algorithm, byte[] message)
            throws TokenException {
        if (algorithm == SignatureAlgorithm.ED25519) {
            return KeyCalls.sign(cryptoki, session, Mechanism.of(Ck.EDDSA), key, message);
        }
        try {
            byte[] digest = MessageDigest.getInstance(algorithm.digest()).digest(message);
            return signDigest(cryptoki, session, key, algorithm, digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(algorithm.digest() + " is in every Java run time.", e);
        }
    }

    static byte[] signDigest(Cryptoki cryptoki, long session, long key, SignatureAlgorithm algorithm, byte[] digest)
            throws TokenException {
        return switch (algorithm) {
            case RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512 ->
                KeyCalls.sign(cryptoki, session, Mechanism.of(Ck.RSA_PKCS), key, digestInfo(algorithm, digest));
            case RSA_PSS_SHA256 -> pss(cryptoki, session, key, Ck.SHA256, Ck.MGF1_SHA256, digest);
            case RSA_PSS_SHA384 -> pss(cryptoki, session, key, Ck.SHA384, Ck.MGF1_SHA384, digest);
            case RSA_PSS_SHA512 -> pss(cryptoki, session, key, Ck.SHA512, Ck.MGF1_SHA512, digest);
            case ECDSA_SHA256, ECDSA_SHA384, ECDSA_SHA512 ->
                der(KeyCalls.sign(cryptoki, session, Mechanism.of(Ck.ECDSA), key, digest));
            case ED25519 -> throw new TokenException.Unsupported("Ed25519 signs messages, not digests.");
        };
    }

    private static byte[] pss(Cryptoki cryptoki, long session, long key, long hash, long mgf, byte[] digest)
            throws TokenException {
        Mechanism.Pss parameters = new Mechanism.Pss(hash, mgf, digest.length);
        return KeyCalls.sign(cryptoki, session, new Mechanism(Ck.RSA_PKCS_PSS, parameters), key, digest);
    }

    private static byte[] digestInfo(SignatureAlgorithm algorithm, byte[] digest) {
        AlgorithmIdentifier hash = new AlgorithmIdentifier(
                switch (algorithm.digestLength()) {
                    case 32 -> NISTObjectIdentifiers.id_sha256;
                    case 48 -> NISTObjectIdentifiers.id_sha384;
                    default -> NISTObjectIdentifiers.id_sha512;
                },
                DERNull.INSTANCE);
        try {
            return new DigestInfo(hash, digest).getEncoded("DER");
        } catch (IOException e) {
            throw new IllegalStateException("A digest has no encoding.", e);
        }
    }

    /** PKCS#11 gives r and s side by side; everyone else wants ASN.1. */
    private static byte[] der(byte[] raw) {
        int half = raw.length / 2;
        BigInteger r = new BigInteger(1, Arrays.copyOfRange(raw, 0, half));
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(raw, half, raw.length));
        try {
            return new DERSequence(new ASN1Integer[] {new ASN1Integer(r), new ASN1Integer(s)}).getEncoded("DER");
        } catch (IOException e) {
            throw new IllegalStateException("A signature has no encoding.", e);
        }
    }
}
