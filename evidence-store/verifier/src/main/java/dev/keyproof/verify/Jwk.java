package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/** Public keys as JSON Web Keys: on P-256 or Ed25519. */
final class Jwk {
    private static final int COORDINATE_BYTES = 32;
    /** What stands before the 32 bytes of a key in its SubjectPublicKeyInfo (RFC 8410). */
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private Jwk() {}

    /** A key of either kind. */
    static PublicKey publicKey(JsonNode jwk) throws GeneralSecurityException {
        return jwk.path("kty").asText().equals("OKP") ? ed25519(jwk) : p256(jwk);
    }

    private static PublicKey ed25519(JsonNode jwk) throws GeneralSecurityException {
        byte[] x = Base64.getUrlDecoder().decode(jwk.path("x").asText());
        if (!jwk.path("crv").asText().equals("Ed25519") || x.length != COORDINATE_BYTES) {
            throw new InvalidKeyException("not a key on Ed25519");
        }
        byte[] encoded = ByteBuffer.allocate(ED25519_PREFIX.length + x.length)
                .put(ED25519_PREFIX)
                .put(x)
                .array();
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }

    private static ECPublicKey p256(JsonNode jwk) throws GeneralSecurityException {
        if (!jwk.path("kty").asText().equals("EC") || !jwk.path("crv").asText().equals("P-256")) {
            throw new InvalidKeyException("not a key on P-256");
        }
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp256r1"));
        ECPoint point = new ECPoint(coordinate(jwk, "x"), coordinate(jwk, "y"));
        return (ECPublicKey) KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(point, parameters.getParameterSpec(ECParameterSpec.class)));
    }

    private static BigInteger coordinate(JsonNode jwk, String name) throws InvalidKeyException {
        byte[] octets = Base64.getUrlDecoder().decode(jwk.path(name).asText());
        // RFC 7518, 6.2.1.2; Java itself takes longer ones and fails in its own way.
        if (octets.length != COORDINATE_BYTES) {
            throw new InvalidKeyException("a coordinate on P-256 has 32 bytes");
        }
        return new BigInteger(1, octets);
    }
}
