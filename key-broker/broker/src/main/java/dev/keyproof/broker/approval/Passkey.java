package dev.keyproof.broker.approval;

/**
 * What says that an approver's key is a passkey.
 *
 * @param credential its id, base64url
 * @param rpId the relying party that it was made for
 */
public record Passkey(String credential, String rpId) {}
