package dev.keyproof.launcher.setup;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.keyproof.launcher.home.Home;
import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.home.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

/**
 * The identity provider of an installation on one machine: a key that issues callers' tokens, and the three approvers with keys of
 * their own. An organisation uses its own OIDC issuer and its own people's keys in their place.
 */
public final class Identities {
    /** Who issues the tokens. */
    public static final String ISSUER = "https://keyproof.demo/issuer";

    /** Whom they are for. */
    public static final String AUDIENCE = "keyproof";

    /** The approvers' ids. */
    public static final List<String> APPROVERS = List.of("custodian-1", "custodian-2", "custodian-3");

    private static final JOSEObjectType APPROVAL = new JOSEObjectType("keyproof-approval+jws");

    private final Path folder;
    private final InstantSource clock;

    public Identities(Home home, InstantSource clock) {
        this.folder = home.demo().resolve("identity");
        this.clock = clock;
    }

    /** The issuer's public keys, a JWKS. */
    public Path issuerKeys() {
        return folder.resolve("issuer.jwks.json");
    }

    /** The approvers' public keys, a JWKS. */
    public Path approverKeys() {
        return folder.resolve("approvers.jwks.json");
    }

    /**
     * Makes the keys that are not there.
     *
     * @throws LauncherException if they cannot be made
     */
    public void ensure() throws LauncherException {
        try {
            Home.makePrivate(folder);
            if (Files.notExists(issuerKeys())) {
                ECKey issuer = make("issuer-1", folder.resolve("issuer.jwk"));
                Secrets.writePrivate(issuerKeys(), new JWKSet(issuer.toPublicJWK()).toString());
            }
            if (Files.notExists(approverKeys())) {
                List<com.nimbusds.jose.jwk.JWK> keys = new ArrayList<>();
                for (String approver : APPROVERS) {
                    keys.add(make(approver, folder.resolve(approver + ".jwk")).toPublicJWK());
                }
                Secrets.writePrivate(approverKeys(), new JWKSet(keys).toString());
            }
        } catch (IOException | JOSEException e) {
            throw LauncherException.because("cannot make the identities in " + folder, e);
        }
    }

    private static ECKey make(String id, Path file) throws JOSEException, IOException {
        ECKey key = new ECKeyGenerator(Curve.P_256)
                .keyID(id)
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(JWSAlgorithm.ES256)
                .generate();
        Secrets.writePrivate(file, key.toJSONString());
        return key;
    }

    /**
     * A token for a caller.
     *
     * @throws LauncherException if the issuer's key cannot be used
     */
    public String token(String subject, List<String> roles, Duration life) throws LauncherException {
        return token(subject, roles, AUDIENCE, life);
    }

    /**
     * A token for some audience; a negative life makes one that has expired.
     *
     * @throws LauncherException if the issuer's key cannot be used
     */
    public String token(String subject, List<String> roles, String audience, Duration life) throws LauncherException {
        Instant now = clock.instant();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .subject(subject)
                .audience(audience)
                .claim("roles", roles)
                .issueTime(Date.from(now))
                .notBeforeTime(
                        Date.from(now.minus(life.isNegative() ? life.negated().multipliedBy(2) : Duration.ZERO)))
                .expirationTime(Date.from(now.plus(life)))
                .build();
        try {
            ECKey key = ECKey.parse(Files.readString(folder.resolve("issuer.jwk")));
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .type(JOSEObjectType.JWT)
                            .keyID(key.getKeyID())
                            .build(),
                    claims);
            token.sign(new ECDSASigner(key));
            return token.serialize();
        } catch (IOException | ParseException | JOSEException e) {
            throw LauncherException.because("cannot issue a token", e);
        }
    }

    /**
     * An approver's signature over an approval's statement, a compact JWS.
     *
     * @throws LauncherException if the approver's key cannot be used
     */
    public String approve(String approver, String statement) throws LauncherException {
        try {
            ECKey key = ECKey.parse(Files.readString(folder.resolve(approver + ".jwk")));
            JWSObject jws = new JWSObject(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .type(APPROVAL)
                            .keyID(approver)
                            .build(),
                    new Payload(statement));
            jws.sign(new ECDSASigner(key));
            return jws.serialize();
        } catch (IOException | ParseException | JOSEException e) {
            throw LauncherException.because("cannot sign as " + approver, e);
        }
    }
}
