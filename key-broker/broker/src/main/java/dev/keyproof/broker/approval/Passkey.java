package dev.keyproof.broker.approval;

import org.jspecify.annotations.Nullable;

/**
 * What says that an approver's key is a passkey.
 *
 * @param credential its id, base64url
 * @param rpId the relying party that it was made for
 * @param origin the page that it was made on, and signs on; null for that of the broker's settings
 */
public record Passkey(
        String credential, String rpId, @Nullable String origin) {}
