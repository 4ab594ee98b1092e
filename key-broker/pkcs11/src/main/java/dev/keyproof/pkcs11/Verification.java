package dev.keyproof.pkcs11;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** Verifies with public keys in software: what is public needs no token. */
final class Verification {
    private Verification() {}

    /** Sets the parameters that PSS wants; the salt is as long as the hash. */
    static void parameters(Signature signature, SignatureAlgorithm algorithm)
            throws InvalidAlgorithmParameterException {
        if (algorithm.isPss()) {
            signature.setParameter(new PSSParameterSpec(
                    algorithm.digest(),
                    "MGF1",
                    new MGF1ParameterSpec(algorithm.digest()),
                    algorithm.digestLength(),
                    PSSParameterSpec.TRAILER_FIELD_BC));
        }
    }

    static boolean verify(PublicKey key, SignatureAlgorithm algorithm, byte[] message, byte[] signature)
            throws TokenException {
        try {
            Signature verifier = Signature.getInstance(algorithm.jcaName());
            parameters(verifier, algorithm);
            verifier.initVerify(key);
            verifier.update(message);
            return verify(verifier, signature);
        } catch (GeneralSecurityException e) {
            throw new TokenException("This Java run time cannot verify " + algorithm + ".", e);
        }
    }

    /** The public half that was wrapped with a key. */
    static PublicKey publicKey(KeySpec spec, byte[] encoded) throws TokenException {
        try {
            String family = spec.isRsa() ? "RSA" : spec.isEc() ? "EC" : "Ed25519";
            return KeyFactory.getInstance(family).generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new TokenException("A public key that was kept with its wrapped key cannot be read.", e);
        }
    }

    static PublicKey publicKey(SubjectPublicKeyInfo info) throws TokenException {
        try {
            return new JcaPEMKeyConverter().getPublicKey(info);
        } catch (PEMException e) {
            throw new TokenException("The token shows a public key that cannot be read.", e);
        }
    }

    private static boolean verify(Signature verifier, byte[] signature) {
        try {
            return verifier.verify(signature);
        } catch (SignatureException e) {
            return false;
        }
    }
}
