package dev.keyproof.evidence.http;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.keyproof.evidence.config.EvidenceConfig;
import java.io.IOException;
import java.net.MalformedURLException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Who calls: a bearer token of the configured issuer with one of the roles that may read evidence. Thread-safe. */
final class Bearer {
    private static final Set<String> ROLES = Set.of("auditor", "operator");

    private final EvidenceConfig.Jwt settings;
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    Bearer(EvidenceConfig.Jwt settings) throws MalformedURLException {
        this.settings = settings;
        Set<JWSAlgorithm> algorithms =
                settings.algorithms().stream().map(JWSAlgorithm::parse).collect(Collectors.toSet());
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(algorithms, keys()));
        processor.setJWTClaimsSetVerifier(new DefaultJWTClaimsVerifier<>(
                settings.audience(),
                new JWTClaimsSet.Builder().issuer(settings.issuer()).build(),
                Set.of("sub", "exp")));
    }

    private JWKSource<SecurityContext> keys() throws MalformedURLException {
        if (!"file".equals(settings.jwks().getScheme())) {
            return JWKSourceBuilder.<SecurityContext>create(settings.jwks().toURL())
                    .build();
        }
        Path file = Path.of(settings.jwks());
        // Read each time: callers are few, and the file may be replaced.
        return (selector, context) -> {
            try {
                return new ImmutableJWKSet<SecurityContext>(JWKSet.parse(Files.readString(file)))
                        .get(selector, context);
            } catch (IOException | ParseException e) {
                throw new com.nimbusds.jose.KeySourceException("the issuer's keys cannot be read from " + file, e);
            }
        };
    }

    /** How a call may be treated. */
    enum Access {
        ALLOWED,
        /** No token, or none that is good. */
        UNKNOWN,
        /** A good token without a role that may read evidence. */
        FORBIDDEN
    }

    Access access(String authorization) {
        return access(authorization, ROLES);
    }

    /** The same of a call that changes something. */
    Access operator(String authorization) {
        return access(authorization, Set.of("operator"));
    }

    private Access access(String authorization, Set<String> wanted) {
        if (!authorization.startsWith("Bearer ")) {
            return Access.UNKNOWN;
        }
        try {
            JWTClaimsSet claims = processor.process(authorization.substring("Bearer ".length()), null);
            List<String> roles = claims.getStringListClaim("roles");
            return roles != null && roles.stream().anyMatch(wanted::contains) ? Access.ALLOWED : Access.FORBIDDEN;
        } catch (ParseException | BadJOSEException | JOSEException e) {
            return Access.UNKNOWN;
        }
    }
}
