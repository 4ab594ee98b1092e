package dev.keyproof.broker.operation;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.keyproof.broker.datakey.DataKeyAlgorithm;
import org.jspecify.annotations.Nullable;

/** What one item of a crypto operation returns. Bytes are in Base64. */
public sealed interface Result {
    /** What {@link Item.Encrypt} and {@link Item.ReWrap} return. */
    record Encrypted(String ciphertext, int keyVersion) implements Result {}

    /** What {@link Item.Decrypt} returns. */
    record Decrypted(String plaintext, int keyVersion) implements Result {
        @Override
        public String toString() {
            return "Decrypted[...]";
        }
    }

    /** What {@link Item.Sign} returns. */
    record Signed(String signature, String scheme, int keyVersion) implements Result {}

    /** What {@link Item.Verify} returns. */
    record Verified(boolean valid, int keyVersion) implements Result {}

    /** What {@link Item.Mac} returns. */
    record Authenticated(String mac, int keyVersion) implements Result {}

    /**
     * What {@link Item.DataKey} returns; the plaintext is stored nowhere.
     *
     * @param algorithm what it is for
     * @param plaintext absent where the caller wanted none
     * @param dataKey id of the data key, where it is registered under its KEK
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record NewDataKey(
            DataKeyAlgorithm algorithm,
            @Nullable String plaintext,
            String ciphertext,
            int keyVersion,
            @Nullable String dataKey)
            implements Result {
        @Override
        public String toString() {
            return "NewDataKey[...]";
        }
    }

    /** What {@link Item.Derive} returns; the key is stored nowhere. */
    record Derived(String key, int keyVersion) implements Result {
        @Override
        public String toString() {
            return "Derived[...]";
        }
    }
}
