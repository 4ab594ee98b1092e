package dev.keyproof.broker.approval;

import org.jspecify.annotations.Nullable;

/** A passkey as the browser made it (Web Authentication Level 3, section 7.1), its bytes in base64url without padding. */
public record Registration(
        @Nullable String clientDataJSON, @Nullable String attestationObject) {}
