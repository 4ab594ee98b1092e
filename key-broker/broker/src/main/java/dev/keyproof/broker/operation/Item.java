package dev.keyproof.broker.operation;

import dev.keyproof.broker.datakey.DataKeyAlgorithm;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One thing to encrypt, sign and so on; a request is an item itself, or has many in {@code items}. */
public interface Item<T> {
    /** The items of a batch; null for a single call. */
    @Nullable List<T> items();

    /** The context, whose names policy may read. */
    default @Nullable Map<String, String> context() {
        return null;
    }

    /** The key version that is asked for; null for the current one. */
    default @Nullable Integer version() {
        return null;
    }

    /** {@code plaintext} in Base64, at most 64 KiB; {@code context} must be given again to decrypt. */
    record Encrypt(
            @Nullable String plaintext,
            @Nullable Map<String, String> context,
            @Nullable List<Encrypt> items) implements Item<Encrypt> {
        @Override
        public String toString() {
            return "Encrypt[...]";
        }
    }

    /**
     * {@code ciphertext} in Base64, or {@code dataKey}, the id of a registered data key; the context of its encryption. With
     * {@code version} the ciphertext is what RSAES-OAEP alone made outside of the broker by the public key of that version. Where
     * policy asks for dual control, {@code approval} is of {@code Decrypt} with the parameter {@code dataKey}, or {@code ciphertext},
     * which is {@code sha256:} and the hex digest of the ciphertext as it is sent.
     */
    record Decrypt(
            @Nullable String ciphertext,
            @Nullable String dataKey,
            @Nullable Map<String, String> context,
            @Nullable Integer version,
            @Nullable String approval,
            @Nullable List<Decrypt> items)
            implements Item<Decrypt> {}

    /** Either {@code message} or {@code digest} in Base64; {@code scheme} such as {@code RSA_PSS_SHA256}. */
    record Sign(
            @Nullable String message,
            @Nullable String digest,
            @Nullable String scheme,
            @Nullable List<Sign> items) implements Item<Sign> {
        @Override
        public String toString() {
            return "Sign[...]";
        }
    }

    /** {@code signature} or {@code mac} over {@code message}; by the current version where none is given. */
    record Verify(
            @Nullable String message,
            @Nullable String signature,
            @Nullable String mac,
            @Nullable String scheme,
            @Nullable Integer version,
            @Nullable List<Verify> items)
            implements Item<Verify> {
        @Override
        public String toString() {
            return "Verify[...]";
        }
    }

    /** {@code message} in Base64. */
    record Mac(@Nullable String message, @Nullable List<Mac> items) implements Item<Mac> {
        @Override
        public String toString() {
            return "Mac[...]";
        }
    }

    /**
     * A random data key for {@code algorithm}, such as {@code AES_256_GCM}, {@code AES_256_CTR} or {@code AES_256_XTS}, wrapped under
     * {@code context}; with {@code withoutPlaintext} only wrapped. Where only its {@code bytes} are given, 16, 24 and 32 are a key for
     * AES-GCM and 64 one for XTS; where neither is, it is {@code AES_256_GCM}.
     */
    record DataKey(
            @Nullable String algorithm,
            @Nullable Integer bytes,
            @Nullable Boolean withoutPlaintext,
            @Nullable Map<String, String> context,
            @Nullable List<DataKey> items)
            implements Item<DataKey> {
        /**
         * What the data key is for.
         *
         * @throws ProblemException {@link Problem#INVALID_INPUT} if there is no such thing, or its keys have another length
         */
        DataKeyAlgorithm made() throws ProblemException {
            if (algorithm == null) {
                return bytes == null ? DataKeyAlgorithm.AES_256_GCM : ofLength(bytes);
            }
            for (DataKeyAlgorithm one : DataKeyAlgorithm.values()) {
                if (one.name().equals(algorithm)) {
                    if (bytes != null && bytes != one.bytes()) {
                        throw Fields.invalid("bytes: a key for " + one + " has " + one.bytes());
                    }
                    return one;
                }
            }
            throw Fields.invalid("algorithm: is none of " + List.of(DataKeyAlgorithm.values()));
        }

        private static DataKeyAlgorithm ofLength(int bytes) throws ProblemException {
            return switch (bytes) {
                case 16 -> DataKeyAlgorithm.AES_128_GCM;
                case 24 -> DataKeyAlgorithm.AES_192_GCM;
                case 32 -> DataKeyAlgorithm.AES_256_GCM;
                case 64 -> DataKeyAlgorithm.AES_256_XTS;
                default -> throw Fields.invalid("bytes: is none of 16, 24, 32, 64");
            };
        }
    }

    /**
     * A key of {@code bytes} (16 to 64; 32 where not given) derived for {@code label} and {@code context} after NIST SP 800-108
     * in counter mode with HMAC-SHA-256; the same for the same key version, by the current one where none is given.
     */
    record Derive(
            @Nullable String label,
            @Nullable Integer bytes,
            @Nullable Integer version,
            @Nullable Map<String, String> context,
            @Nullable List<Derive> items)
            implements Item<Derive> {}

    /** A ciphertext to encrypt anew under the current version, under {@code newContext} where it is given. */
    record ReWrap(
            @Nullable String ciphertext,
            @Nullable Map<String, String> context,
            @Nullable Map<String, String> newContext,
            @Nullable List<ReWrap> items)
            implements Item<ReWrap> {}
}
