package dev.keyproof.policy;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.TreeMap;

/**
 * Signs bundles by RS256: of the algorithms that {@code opa} knows the one that signs the same bytes in the same way each time, so that a
 * bundle that is made again has the digest it had.
 */
public final class BundleSigner {
    private static final SigningAlgorithm ALGORITHM = SigningAlgorithm.RS256;

    private final PrivateKey key;
    private final PublicKey verification;

    private BundleSigner(PrivateKey key, PublicKey verification) {
        this.key = key;
        this.verification = verification;
    }

    public static BundleSigner of(KeyPair pair) throws PolicyException {
        try {
            ALGORITHM.check(pair.getPublic());
            return new BundleSigner(pair.getPrivate(), pair.getPublic());
        } catch (GeneralSecurityException e) {
            throw new PolicyException("policy's signing key is none for " + ALGORITHM + ": " + e.getMessage(), e);
        }
    }

    /** The key in PEM, PKCS #8. What is wrong with it is told without any of it. */
    public static BundleSigner of(String pem) throws PolicyException {
        try {
            PrivateKey key = ALGORITHM.keys().generatePrivate(new PKCS8EncodedKeySpec(Pem.decode("PRIVATE KEY", pem)));
            if (!(key instanceof RSAPrivateCrtKey rsa)) {
                throw new PolicyException("policy's signing key does not tell its public part");
            }
            return of(new KeyPair(
                    ALGORITHM.keys().generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent())),
                    key));
        } catch (GeneralSecurityException | IOException e) {
            throw new PolicyException("policy's signing key is no RSA key in PEM (PKCS #8, BEGIN PRIVATE KEY)");
        }
    }

    /** What verifies, in PEM. */
    public String verificationKey() {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(verification.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    /** The bundle with a signature over all its files; one that it had is replaced. */
    public PolicyBundle sign(PolicyBundle bundle) throws PolicyException {
        try {
            TreeMap<String, byte[]> files = new TreeMap<>(TarReader.files(bundle.bytes()));
            files.remove(BundleSignature.FILE);
            files.put(BundleSignature.FILE, BundleSignature.of(files, ALGORITHM, key));
            return PolicyBundle.of(TarWriter.archive(files));
        } catch (IOException e) {
            throw new PolicyException("policy bundle cannot be packed anew: " + e.getMessage(), e);
        }
    }
}
