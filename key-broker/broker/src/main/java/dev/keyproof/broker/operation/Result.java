package dev.keyproof.broker.operation;

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

    /** What {@link Item.DataKey} returns; the plaintext is stored nowhere. */
    record NewDataKey(String plaintext, String ciphertext, int keyVersion) implements Result {
        @Override
        public String toString() {
            return "NewDataKey[...]";
        }
    }
}
