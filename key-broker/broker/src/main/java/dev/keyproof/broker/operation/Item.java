package dev.keyproof.broker.operation;

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

    /** {@code ciphertext} in Base64, or {@code dataKey}, the id of a registered data key; the context of its encryption. */
    record Decrypt(
            @Nullable String ciphertext,
            @Nullable String dataKey,
            @Nullable Map<String, String> context,
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
     * A random data key of {@code bytes} (16, 24, 32 or 64; 32 where not given; 64 are the two halves of an XTS key), wrapped
     * under {@code context}; with {@code withoutPlaintext} only wrapped.
     */
    record DataKey(
            @Nullable Integer bytes,
            @Nullable Boolean withoutPlaintext,
            @Nullable Map<String, String> context,
            @Nullable List<DataKey> items)
            implements Item<DataKey> {}

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
