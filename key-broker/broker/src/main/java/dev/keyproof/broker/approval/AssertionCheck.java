package dev.keyproof.broker.approval;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.jwk.ECKey;
import com.webauthn4j.WebAuthnAuthenticationManager;
import com.webauthn4j.converter.exception.DataConversionException;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationData;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.AuthenticationRequest;
import com.webauthn4j.data.attestation.authenticator.AAGUID;
import com.webauthn4j.data.attestation.authenticator.AttestedCredentialData;
import com.webauthn4j.data.attestation.authenticator.COSEKey;
import com.webauthn4j.data.attestation.authenticator.EC2COSEKey;
import com.webauthn4j.data.attestation.authenticator.EdDSACOSEKey;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.server.ServerProperty;
import com.webauthn4j.verifier.exception.VerificationException;
import dev.keyproof.broker.approval.Signed.Assertion;
import dev.keyproof.broker.digest.Digest;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;

/**
 * Checks one WebAuthn assertion over one statement (Web Authentication Level 3, section 7.2): the challenge is the statement's
 * SHA-256, made at our page for our relying party, and the authenticator verified its user. Its counter is the database's to compare.
 */
final class AssertionCheck {
    private static final int LARGEST = 8192;
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Passkeys passkeys;
    private final WebAuthnAuthenticationManager manager = new WebAuthnAuthenticationManager();

    AssertionCheck(Passkeys passkeys) {
        this.passkeys = passkeys;
    }

    Signer signer(Approvers approvers, String statement, Assertion assertion) throws ProblemException {
        Approver approver = approvers
                .byCredential(assertion.credential())
                .orElseThrow(() -> invalid("the passkey is no enrolled approver's"));
        Passkey passkey = approver.passkey();
        if (passkey == null || !passkey.rpId().equals(passkeys.rpId())) {
            throw invalid("the approver's passkey was made for another relying party");
        }
        byte[] credential = bytes(assertion.credential(), "credential");
        byte[] challenge = Digest.sha256(statement.getBytes(StandardCharsets.UTF_8));
        byte[] clientData = bytes(assertion.clientDataJSON(), "clientDataJSON");
        requireStrict(clientData, challenge);
        AuthenticationRequest request = new AuthenticationRequest(
                credential,
                bytes(assertion.authenticatorData(), "authenticatorData"),
                clientData,
                bytes(assertion.signature(), "signature"));
        ServerProperty server = ServerProperty.builder()
                .origin(new Origin(passkey.origin() == null ? passkeys.origin() : passkey.origin()))
                .rpId(passkeys.rpId())
                .challenge(new DefaultChallenge(challenge))
                .build();
        CredentialRecordImpl known = new CredentialRecordImpl(
                new NoneAttestationStatement(),
                null,
                null,
                null,
                0,
                new AttestedCredentialData(AAGUID.ZERO, credential, cose(approver)),
                null,
                null,
                null,
                Set.of());
        try {
            AuthenticationData data = manager.verify(
                    request, new AuthenticationParameters(server, known, List.of(credential), true, true));
            var authenticator = data.getAuthenticatorData();
            return new Signer(approver, authenticator == null ? 0 : authenticator.getSignCount());
        } catch (DataConversionException | VerificationException | JacksonException e) {
            throw new ProblemException(Problem.APPROVAL_INVALID, "the assertion does not hold: " + e.getMessage(), e);
        }
    }

    /** The library reads the client's data leniently; who verifies the record later does not. */
    private static void requireStrict(byte[] clientData, byte[] challenge) throws ProblemException {
        try {
            JsonNode read = STRICT.readTree(clientData);
            if (!read.path("challenge")
                            .asText()
                            .equals(Base64.getUrlEncoder().withoutPadding().encodeToString(challenge))
                    || read.path("crossOrigin").asBoolean(false)) {
                throw invalid("the assertion's challenge is not this statement, or it was made within another's page");
            }
        } catch (IOException e) {
            throw new ProblemException(Problem.APPROVAL_INVALID, "clientDataJSON: is not JSON of distinct members", e);
        }
    }

    private static COSEKey cose(Approver approver) throws ProblemException {
        try {
            PublicKey key = PublicKeys.of(approver.key());
            return approver.key() instanceof ECKey
                    ? EC2COSEKey.create((ECPublicKey) key, COSEAlgorithmIdentifier.ES256)
                    : EdDSACOSEKey.create((EdECPublicKey) key, COSEAlgorithmIdentifier.EdDSA);
        } catch (GeneralSecurityException e) {
            throw new ProblemException(Problem.APPROVAL_INVALID, "the approver's key cannot be read", e);
        }
    }

    private static byte[] bytes(String text, String name) throws ProblemException {
        if (text.length() > LARGEST) {
            throw invalid(name + ": is too long");
        }
        if (!PublicKeys.isBase64Url(text)) {
            throw invalid(name + ": is not base64url without padding");
        }
        return Base64.getUrlDecoder().decode(text);
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(Problem.APPROVAL_INVALID, detail);
    }
}
