package dev.keyproof.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Who gets in, with the whole application running and nothing behind it. */
@Tag("server")
class AccessTest {
    private static final String ISSUER = "https://issuer.example";

    @TempDir
    static Path folder;

    static ECKey key;
    static ECKey stranger;
    static ConfigurableApplicationContext console;
    static int port;

    @BeforeAll
    static void start() throws Exception {
        key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
        stranger = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
        Path jwks = folder.resolve("jwks.json");
        Files.writeString(jwks, new JWKSet(key.toPublicJWK()).toString());
        console = SpringApplication.run(
                ConsoleApplication.class,
                "--server.port=0",
                "--keyproof.console.opensearch.url=http://127.0.0.1:1",
                "--keyproof.console.evidence=http://127.0.0.1:1",
                "--keyproof.console.parts.broker=http://127.0.0.1:1/health",
                "--keyproof.console.jwt.jwks=" + jwks.toUri(),
                "--keyproof.console.jwt.issuer=" + ISSUER);
        port = console.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    @AfterAll
    static void stop() {
        console.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/state", "/api/panels", "/api/panels/operations", "/api/findings", "/api/nothing"})
    void withoutATokenNothingUnderApiAnswers(String path) throws Exception {
        assertThat(get(path, "").statusCode()).isEqualTo(401);
    }

    @Test
    void theTokenMustBeOurIssuersForUsAndStillValid() throws Exception {
        Instant soon = Instant.now().plusSeconds(60);

        assertThat(get("/api/panels", token(key, ISSUER, "keyproof", soon, "auditor"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(get("/api/panels", token(stranger, ISSUER, "keyproof", soon, "auditor"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(get("/api/panels", token(key, "https://other.example", "keyproof", soon, "auditor"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(get("/api/panels", token(key, ISSUER, "other", soon, "auditor"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(get(
                                "/api/panels",
                                token(key, ISSUER, "keyproof", Instant.now().minusSeconds(120), "auditor"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(get("/api/panels", token(key, ISSUER, "keyproof", soon, "application"))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void thePageIsOpenAndRunsOnlyItsOwnScripts() throws Exception {
        HttpResponse<String> page = get("/", "");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<title>Keyproof</title>");
        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy).contains("script-src 'self';"));
        assertThat(get("/app.js", "").statusCode()).isEqualTo(200);
        assertThat(get("/application.yaml", "").statusCode()).isEqualTo(401);
    }

    @Test
    void partsThatDoNotAnswerAreDownAndTheIndicesAreAProblem() throws Exception {
        String token = token(key, ISSUER, "keyproof", Instant.now().plusSeconds(60), "operator");

        assertThat(get("/api/state", token).body()).contains("\"broker\":{\"status\":\"DOWN\"");
        HttpResponse<String> panel = get("/api/panels/operations", token);
        assertThat(panel.statusCode()).isEqualTo(503);
        assertThat(panel.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    private static String token(ECKey signer, String issuer, String audience, Instant expiry, String role)
            throws JOSEException {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1").build(),
                new JWTClaimsSet.Builder()
                        .issuer(issuer)
                        .audience(audience)
                        .subject("someone")
                        .expirationTime(Date.from(expiry))
                        .claim("roles", List.of(role))
                        .build());
        jwt.sign(new ECDSASigner(signer));
        return jwt.serialize();
    }

    private static HttpResponse<String> get(String path, String token) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
            if (!token.isEmpty()) {
                request.header("Authorization", "Bearer " + token);
            }
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
