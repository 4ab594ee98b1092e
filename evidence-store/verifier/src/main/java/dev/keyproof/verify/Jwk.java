package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Base64;

/** Public keys on P-256 as JSON Web Keys. */
final class Jwk {
    private static final int COORDINATE_BYTES = 32;

    private Jwk() {}

    static ECPublicKey p256(JsonNode jwk) throws GeneralSecurityException {
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
