package dev.keyproof.broker.approval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/** The two kinds of approvers' keys: P-256 and Ed25519. */
final class PublicKeys {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PublicKeys() {}

    /** Whether approvers may have such a key, and it is a public one. */
    static boolean suits(JWK jwk) {
        return !jwk.isPrivate()
                && switch (jwk) {
                    case ECKey key ->
                        Curve.P_256.equals(key.getCurve())
                                && isBase64Url(key.getX().toString())
                                && isBase64Url(key.getY().toString());
                    case OctetKeyPair key ->
                        Curve.Ed25519.equals(key.getCurve())
                                && isBase64Url(key.getX().toString());
                    default -> false;
                };
    }

    /** Whether bytes are written in the one way there is (RFC 4648, section 3.5), so that nothing has two names. */
    static boolean isBase64Url(String text) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(Base64.getUrlDecoder().decode(text))
                    .equals(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The key as Java knows it. */
    static PublicKey of(JWK jwk) throws GeneralSecurityException {
        try {
            return switch (jwk) {
                case ECKey key -> key.toECPublicKey();
                case OctetKeyPair key ->
                    KeyFactory.getInstance("Ed25519")
                            .generatePublic(new X509EncodedKeySpec(new SubjectPublicKeyInfo(
                                            new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519),
                                            key.getDecodedX())
                                    .getEncoded()));
                default -> throw new GeneralSecurityException("not a key of an approver");
            };
        } catch (JOSEException | IOException e) {
            throw new GeneralSecurityException("the key cannot be read", e);
        }
    }

    static ObjectNode json(JWK jwk) {
        try {
            return (ObjectNode) JSON.readTree(jwk.toJSONString());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JWK of the library's own is no JSON", e);
        }
    }
}
