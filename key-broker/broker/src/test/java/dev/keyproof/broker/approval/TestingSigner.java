package dev.keyproof.broker.approval;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An approver of a test with the private key, made without the code that is tested. */
final class TestingSigner {
    private final String id;
    private final JWK jwk;
    private final PrivateKey key;
    private final String signature;
    private final JWSAlgorithm algorithm;

    private TestingSigner(String id, JWK jwk, PrivateKey key, String signature, JWSAlgorithm algorithm) {
        this.id = id;
        this.jwk = jwk;
        this.key = key;
        this.signature = signature;
        this.algorithm = algorithm;
    }

    static TestingSigner p256(String id) throws Exception {
        var ec = new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        return new TestingSigner(
                id, ec.toPublicJWK(), ec.toECPrivateKey(), "SHA256withECDSAinP1363Format", JWSAlgorithm.ES256);
    }

    static TestingSigner ed25519(String id) throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] spki = pair.getPublic().getEncoded();
        JWK jwk = new OctetKeyPair.Builder(
                        Curve.Ed25519, Base64URL.encode(Arrays.copyOfRange(spki, spki.length - 32, spki.length)))
                .keyID(id)
                .build();
        return new TestingSigner(id, jwk, pair.getPrivate(), "Ed25519", JWSAlgorithm.EdDSA);
    }

    String id() {
        return id;
    }

    JWK jwk() {
        return jwk;
    }

    Approver approver(String... roles) throws Exception {
        return Approver.of(id, jwk, List.of(roles), null, null);
    }

    /** A header as approvers write it. */
    JWSHeader.Builder header() {
        return new JWSHeader.Builder(algorithm)
                .type(new JOSEObjectType("keyproof-approval+jws"))
                .keyID(id);
    }

    Signed.Jws sign(String statement) throws Exception {
        return new Signed.Jws(jws(header().build(), statement));
    }

    /** Signs whatever the header says. */
    String jws(@Nullable JWSHeader header, String payload) throws Exception {
        String input = (header == null ? "" : header.toBase64URL()) + "."
                + Base64URL.encode(payload.getBytes(StandardCharsets.UTF_8));
        Signature made = Signature.getInstance(signature);
        made.initSign(key);
        made.update(input.getBytes(StandardCharsets.US_ASCII));
        return input + "." + Base64URL.encode(made.sign());
    }
}
