package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;

/** One approver's signature over a statement. */
sealed interface ApprovalSignature {
    /** The approver that it says it is of. */
    String approver();

    /**
     * Checks it against the approver's enrolled key.
     *
     * @throws BrokenPackException in {@code file}, if it does not hold
     */
    void check(String statement, JsonNode jwk, String file) throws BrokenPackException;

    /** A compact JWS whose payload is the statement: ES256 or EdDSA, as the key has it. */
    record Jws(String compact) implements ApprovalSignature {
        private static final String TYPE = "keyproof-approval+jws";
        private static final Set<String> HEADER = Set.of("alg", "kid", "typ");

        static boolean hasForm(String text) {
            return text.matches("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");
        }

        @Override
        public String approver() {
            return header().path("kid").asText();
        }

        @Override
        public void check(String statement, JsonNode jwk, String file) throws BrokenPackException {
            JsonNode header = header();
            boolean curve = jwk.path("kty").asText().equals("EC");
            if (!header.path("alg").asText().equals(curve ? "ES256" : "EdDSA")
                    || !header.path("typ").asText().equals(TYPE)
                    || !CanonicalJson.names(header).equals(HEADER)
                    || jwk.has("webauthn")) {
                throw BrokenPackException.of(
                        Reason.APPROVAL_SIGNATURE_FORM,
                        file,
                        "a signature is not of the type and algorithm for approvals");
            }
            if (!holds(statement, jwk, curve ? "SHA256withECDSAinP1363Format" : "Ed25519")) {
                throw BrokenPackException.of(
                        Reason.APPROVAL_SIGNATURE, file, "the signature of " + approver() + " does not hold");
            }
        }

        private boolean holds(String statement, JsonNode jwk, String algorithm) {
            String[] parts = compact.split("\\.", -1);
            try {
                Signature check = Signature.getInstance(algorithm);
                check.initVerify(Jwk.publicKey(jwk));
                check.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
                return Arrays.equals(decoded(parts[1]), statement.getBytes(StandardCharsets.UTF_8))
                        && check.verify(decoded(parts[2]));
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                return false;
            }
        }

        private JsonNode header() {
            return CanonicalJson.object(decoded(compact.substring(0, compact.indexOf('.'))))
                    .orElseGet(CanonicalJson.MAPPER::createObjectNode);
        }
    }

    /**
     * A WebAuthn assertion (Level 3, section 7.2), as far as it can be checked later and without the broker: made with the passkey
     * for its relying party, the user present and verified, and the challenge the statement's SHA-256.
     *
     * @param authenticatorData base64url, as the two others
     */
    record WebAuthn(String approver, String authenticatorData, String clientDataJSON, String signature)
            implements ApprovalSignature {
        private static final int RP_ID_HASH = 32;
        private static final int FLAGS = RP_ID_HASH;
        private static final int SHORTEST = 37;
        private static final int PRESENT = 0x01;
        private static final int VERIFIED = 0x04;

        @Override
        public void check(String statement, JsonNode jwk, String file) throws BrokenPackException {
            String whose = "the assertion of " + approver;
            String rpId = jwk.path("webauthn").path("rpId").asText();
            require(
                    !rpId.isEmpty(),
                    Reason.APPROVAL_SIGNATURE_FORM,
                    file,
                    whose + " is by a key that is enrolled as no passkey");
            byte[] authenticator = decoded(authenticatorData);
            byte[] clientData = decoded(clientDataJSON);
            JsonNode client = CanonicalJson.object(clientData).orElseGet(CanonicalJson.MAPPER::createObjectNode);
            require(
                    client.path("type").asText().equals("webauthn.get"),
                    Reason.APPROVAL_SIGNATURE_FORM,
                    file,
                    whose + " is of another type");
            require(
                    client.path("challenge")
                            .asText()
                            .equals(Base64.getUrlEncoder()
                                    .withoutPadding()
                                    .encodeToString(Digests.sha256(statement.getBytes(StandardCharsets.UTF_8)))),
                    Reason.ASSERTION_STATEMENT,
                    file,
                    whose + " is over another statement");
            String origin = jwk.path("webauthn").path("origin").asText();
            require(
                    origin.isEmpty()
                            || (client.path("origin").asText().equals(origin)
                                    && !client.path("crossOrigin").asBoolean(false)),
                    Reason.ASSERTION_ELSEWHERE,
                    file,
                    whose + " was made on another page");
            require(
                    authenticator.length >= SHORTEST
                            && Arrays.equals(
                                    Arrays.copyOf(authenticator, RP_ID_HASH),
                                    Digests.sha256(rpId.getBytes(StandardCharsets.UTF_8))),
                    Reason.ASSERTION_ELSEWHERE,
                    file,
                    whose + " is for another relying party");
            require(
                    (authenticator[FLAGS] & PRESENT) != 0 && (authenticator[FLAGS] & VERIFIED) != 0,
                    Reason.ASSERTION_USER,
                    file,
                    whose + " was made without verifying its user");
            require(
                    holds(jwk, authenticator, Digests.sha256(clientData)),
                    Reason.APPROVAL_SIGNATURE,
                    file,
                    whose + " does not hold");
        }

        private boolean holds(JsonNode jwk, byte[] authenticator, byte[] clientDataHash) {
            try {
                PublicKey key = Jwk.publicKey(jwk);
                Signature check = Signature.getInstance(key instanceof ECPublicKey ? "SHA256withECDSA" : "Ed25519");
                check.initVerify(key);
                check.update(authenticator);
                check.update(clientDataHash);
                return check.verify(decoded(signature));
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                return false;
            }
        }

        private static void require(boolean condition, Reason reason, String file, String otherwise)
                throws BrokenPackException {
            if (!condition) {
                throw BrokenPackException.of(reason, file, otherwise);
            }
        }
    }

    /** Bytes of base64url; none for what is not. */
    private static byte[] decoded(String text) {
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
