package dev.keyproof.policy;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which bundle files a part takes: those that the configured key signed by the configured algorithm, or, where the configuration says so
 * plainly, any. The packs on the class path need no signature; they are part of the program. Immutable.
 */
public final class BundleTrust implements Serializable {
    private static final long serialVersionUID = 1;

    private final boolean unsigned;
    private final SigningAlgorithm algorithm;
    private final byte @Nullable [] key;

    private BundleTrust(boolean unsigned, SigningAlgorithm algorithm, byte @Nullable [] key) {
        this.unsigned = unsigned;
        this.algorithm = algorithm;
        this.key = key;
    }

    /**
     * As configured. With neither key nor {@code unsigned} no file is taken.
     *
     * @param key file with the public key in PEM; it is read now, and not again
     * @param algorithm by its name; RS256 when absent
     * @param unsigned takes files without looking for a signature
     * @throws PolicyException when that contradicts itself, or the key is none for the algorithm
     */
    public static BundleTrust of(@Nullable Path key, @Nullable String algorithm, boolean unsigned)
            throws PolicyException {
        SigningAlgorithm pinned = Arrays.stream(SigningAlgorithm.values())
                .filter(one -> algorithm == null || one.name().equals(algorithm))
                .findFirst()
                .orElseThrow(() -> new PolicyException(
                        "algorithm " + algorithm + " is none of " + Arrays.toString(SigningAlgorithm.values())));
        if (key == null) {
            return new BundleTrust(unsigned, pinned, null);
        }
        if (unsigned) {
            throw new PolicyException("a key, and unsigned bundles as well: say one of them");
        }
        try {
            byte[] der = Pem.decode("PUBLIC KEY", Files.readString(key));
            pinned.publicKey(der);
            return new BundleTrust(false, pinned, der);
        } catch (IOException | GeneralSecurityException e) {
            throw new PolicyException("key " + key + " is no public key for " + pinned + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads a bundle and verifies it.
     *
     * @throws PolicyException when it cannot be read, is not a whole bundle, or is not to be trusted
     */
    public PolicyBundle read(Path file) throws PolicyException {
        PolicyBundle bundle = PolicyBundle.read(file);
        check(bundle.bytes());
        return bundle;
    }

    /** @throws PolicyException when the bundle of these bytes is not to be trusted */
    public void check(byte[] bundle) throws PolicyException {
        if (unsigned) {
            return;
        }
        if (key == null) {
            throw new PolicyException("policy bundle cannot be verified: no key is configured that signs it;"
                    + " name one, or say that unsigned bundles are taken");
        }
        try {
            BundleSignature.verify(TarReader.files(bundle), algorithm, algorithm.publicKey(key));
        } catch (IOException | GeneralSecurityException e) {
            throw new PolicyException("policy bundle cannot be verified: " + e.getMessage(), e);
        }
    }

    /** For the record: {@code unsigned}, or the algorithm and the digest of the key. */
    public String recorded() {
        return key == null ? (unsigned ? "unsigned" : "none") : algorithm + " " + Digests.of(key);
    }
}
