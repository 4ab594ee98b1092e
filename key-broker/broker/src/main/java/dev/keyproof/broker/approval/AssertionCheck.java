package dev.keyproof.broker.approval;

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
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * Checks one WebAuthn assertion over one statement (Web Authentication Level 3, section 7.2): the challenge is the statement's
 * SHA-256, made at our page for our relying party, and the authenticator verified its user. Its counter is the database's to compare.
 */
final class AssertionCheck {
    private static final int LARGEST = 8192;

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
        AuthenticationRequest request = new AuthenticationRequest(
                credential,
                bytes(assertion.authenticatorData(), "authenticatorData"),
                bytes(assertion.clientDataJSON(), "clientDataJSON"),
                bytes(assertion.signature(), "signature"));
        ServerProperty server = ServerProperty.builder()
                .origin(new Origin(passkeys.origin()))
                .rpId(passkeys.rpId())
                .challenge(new DefaultChallenge(Statement.sha256(statement.getBytes(StandardCharsets.UTF_8))))
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
        } catch (DataConversionException | VerificationException e) {
            throw new ProblemException(Problem.APPROVAL_INVALID, "the assertion does not hold: " + e.getMessage(), e);
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
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.APPROVAL_INVALID, name + ": is not base64url", e);
        }
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(Problem.APPROVAL_INVALID, detail);
    }
}
