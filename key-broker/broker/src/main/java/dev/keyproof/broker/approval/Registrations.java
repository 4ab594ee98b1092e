package dev.keyproof.broker.approval;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import com.webauthn4j.WebAuthnRegistrationManager;
import com.webauthn4j.anchor.TrustAnchorRepository;
import com.webauthn4j.converter.exception.DataConversionException;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationData;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.RegistrationRequest;
import com.webauthn4j.data.attestation.AttestationObject;
import com.webauthn4j.data.attestation.authenticator.AAGUID;
import com.webauthn4j.data.attestation.authenticator.AttestedCredentialData;
import com.webauthn4j.data.attestation.authenticator.COSEKey;
import com.webauthn4j.data.attestation.statement.AttestationStatement;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.PackedAttestationStatement;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.server.ServerProperty;
import com.webauthn4j.verifier.attestation.statement.none.NoneAttestationStatementVerifier;
import com.webauthn4j.verifier.attestation.statement.packed.PackedAttestationStatementVerifier;
import com.webauthn4j.verifier.attestation.trustworthiness.certpath.DefaultCertPathTrustworthinessVerifier;
import com.webauthn4j.verifier.attestation.trustworthiness.self.DefaultSelfAttestationTrustworthinessVerifier;
import com.webauthn4j.verifier.exception.VerificationException;
import dev.keyproof.broker.digest.Digest;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Reads the keys of approvers to be. Of a passkey its attestation is checked where it has one (Web Authentication Level 3, section 7.1):
 * one by certificate must lead to a configured root, and proves the model of the token; nothing else does.
 */
public final class Registrations {
    private static final int LARGEST = 16_384;
    private static final List<PublicKeyCredentialParameters> ALGORITHMS = List.of(
            new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, COSEAlgorithmIdentifier.ES256),
            new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, COSEAlgorithmIdentifier.EdDSA));

    private final String audience;
    private final @Nullable Passkeys passkeys;
    private final WebAuthnRegistrationManager manager;

    /** @param roots of the makers whose attestation of a token is believed */
    public Registrations(String audience, @Nullable Passkeys passkeys, Collection<X509Certificate> roots) {
        this.audience = audience;
        this.passkeys = passkeys;
        DefaultCertPathTrustworthinessVerifier makers = new DefaultCertPathTrustworthinessVerifier(new Anchors(
                roots.stream().map(root -> new TrustAnchor(root, null)).collect(Collectors.toUnmodifiableSet())));
        this.manager = new WebAuthnRegistrationManager(
                List.of(new NoneAttestationStatementVerifier(), new PackedAttestationStatementVerifier()),
                makers,
                new DefaultSelfAttestationTrustworthinessVerifier());
    }

    /** The same roots for every model: which models count is policy's to say. */
    private record Anchors(Set<TrustAnchor> roots) implements TrustAnchorRepository {
        @Override
        public Set<TrustAnchor> find(AAGUID aaguid) {
            return roots;
        }

        @Override
        public Set<TrustAnchor> find(byte[] attestationCertificateKeyIdentifier) {
            return roots;
        }
    }

    /** An approver who signs JWS. */
    public Approver key(String id, List<String> roles, @Nullable Map<String, Object> jwk) throws ProblemException {
        try {
            return Approver.of(id, JWK.parse(jwk == null ? Map.of() : jwk), roles, null, null);
        } catch (ParseException e) {
            throw new ProblemException(Problem.INVALID_INPUT, "jwk: is no public key on P-256 or Ed25519", e);
        }
    }

    /** An approver who signs by passkey; its registration answers the {@link #challenge} of the approver's id. */
    public Approver passkey(String id, List<String> roles, Registration made) throws ProblemException {
        if (passkeys == null) {
            throw invalid("this broker takes no passkeys: keyproof.passkeys is not set");
        }
        ServerProperty server = ServerProperty.builder()
                .origin(new Origin(passkeys.origin()))
                .rpId(passkeys.rpId())
                .challenge(new DefaultChallenge(challenge(id)))
                .build();
        try {
            RegistrationData data = manager.verify(
                    new RegistrationRequest(
                            bytes(made.attestationObject(), "attestationObject"),
                            bytes(made.clientDataJSON(), "clientDataJSON")),
                    new RegistrationParameters(server, ALGORITHMS, true, true));
            AttestationObject attestation = data.getAttestationObject();
            AttestedCredentialData credential = attestation == null
                    ? null
                    : attestation.getAuthenticatorData().getAttestedCredentialData();
            if (attestation == null
                    || credential == null
                    || data.getCollectedClientData() == null
                    || Boolean.TRUE.equals(data.getCollectedClientData().getCrossOrigin())) {
                throw invalid("it holds no key, or was made within another's page");
            }
            Passkey passkey = new Passkey(
                    Base64.getUrlEncoder().withoutPadding().encodeToString(credential.getCredentialId()),
                    passkeys.rpId(),
                    passkeys.origin());
            return Approver.of(
                    id,
                    jwk(credential.getCOSEKey()),
                    roles,
                    passkey,
                    isProven(attestation.getAttestationStatement()) ? String.valueOf(credential.getAaguid()) : null);
        } catch (DataConversionException | VerificationException | JacksonException | ParseException e) {
            throw new ProblemException(
                    Problem.INVALID_INPUT, "webauthn: the registration does not hold: " + e.getMessage(), e);
        }
    }

    /** What the passkey of an approver to be signs over: SHA-256 of {@code {"approver", "aud", "operation"}} in canonical JSON. */
    byte[] challenge(String id) throws ProblemException {
        return Digest.sha256(Statement.canonical(JsonNodeFactory.instance
                        .objectNode()
                        .put("approver", id)
                        .put("aud", audience)
                        .put("operation", BookEntry.ENROL))
                .getBytes(StandardCharsets.UTF_8));
    }

    /** Whether a maker's certificate, which was followed to its root, says so; a token's own word proves nothing. */
    private static boolean isProven(AttestationStatement statement) {
        return statement instanceof PackedAttestationStatement packed
                && packed.getX5c() != null
                && !packed.getX5c().isEmpty();
    }

    private static JWK jwk(COSEKey cose) throws ParseException {
        PublicKey key = cose.getPublicKey();
        if (key instanceof ECPublicKey ec) {
            return new ECKey.Builder(Curve.P_256, ec).build();
        }
        byte[] encoded = key == null ? new byte[0] : key.getEncoded();
        int from = encoded.length - 32;
        if (key == null || !key.getAlgorithm().matches("Ed25519|EdDSA") || from < 0) {
            throw new ParseException("the key is not on P-256 or Ed25519", 0);
        }
        byte[] x = Arrays.copyOfRange(encoded, from, encoded.length);
        return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x)).build();
    }

    private static byte[] bytes(@Nullable String text, String name) throws ProblemException {
        if (text == null || text.length() > LARGEST || !PublicKeys.isBase64Url(text)) {
            throw invalid(name + " is missing, too long, or not base64url without padding");
        }
        return Base64.getUrlDecoder().decode(text);
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(Problem.INVALID_INPUT, "webauthn: " + detail);
    }
}
