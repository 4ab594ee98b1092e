package dev.keyproof.broker.datakey;

import dev.keyproof.broker.problem.ProblemException;
import java.security.MessageDigest;
import java.util.Arrays;

/** What a data key is for, by the names of the public interface; which of them may be made is policy's to say. */
public enum DataKeyAlgorithm {
    AES_128_GCM(16, false),
    AES_192_GCM(24, false),
    AES_256_GCM(32, false),
    AES_128_CTR(16, false),
    AES_192_CTR(24, false),
    AES_256_CTR(32, false),
    /** IEEE 1619, NIST SP 800-38E: two keys of 128 bits, one after the other. */
    AES_128_XTS(32, true),
    /** The same with two keys of 256 bits. */
    AES_256_XTS(64, true);

    private final int bytes;
    private final boolean halves;

    DataKeyAlgorithm(int bytes, boolean halves) {
        this.bytes = bytes;
        this.halves = halves;
    }

    /** Where random bytes come from. */
    @FunctionalInterface
    public interface Randomness {
        byte[] next(int length) throws ProblemException;
    }

    /** The key's length. */
    public int bytes() {
        return bytes;
    }

    /** A new key, which the caller overwrites. */
    public byte[] secret(Randomness randomness) throws ProblemException {
        byte[] secret = randomness.next(bytes);
        while (!sound(secret)) {
            secret = randomness.next(bytes);
        }
        return secret;
    }

    /** The halves of an XTS key are two keys and must differ (FIPS 140-3 implementation guidance, C.I). */
    private boolean sound(byte[] secret) {
        int middle = bytes / 2;
        return !halves
                || !MessageDigest.isEqual(
                        Arrays.copyOf(secret, middle), Arrays.copyOfRange(secret, middle, secret.length));
    }
}
