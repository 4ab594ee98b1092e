package dev.keyproof.broker.approval;

/** What an approver made with the own key over a statement. */
public sealed interface Signed {
    /**
     * A compact JWS whose payload is the statement.
     *
     * @param compact its text; {@code kid} in its header is the approver's id
     */
    record Jws(String compact) implements Signed {}

    /**
     * A WebAuthn assertion whose challenge is the SHA-256 of the statement; all in base64url without padding, as the browser gave it.
     *
     * @param credential id of the passkey
     */
    record Assertion(String credential, String clientDataJSON, String authenticatorData, String signature)
            implements Signed {}
}
