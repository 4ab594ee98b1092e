package dev.keyproof.broker.approval;

/**
 * Whose passkeys are taken, and made where.
 *
 * @param rpId the relying party's id: the page's host, or a domain above it
 * @param origin of the page, such as {@code https://keyproof.example.org}
 */
public record Passkeys(String rpId, String origin) {}
