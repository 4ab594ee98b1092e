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
import dev.keyproof.evidence.access.Caller;
import dev.keyproof.evidence.config.EvidenceConfig;
import java.io.IOException;
import java.net.MalformedURLException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Who calls: by a bearer token of the configured issuer. Thread-safe. */
final class Bearer {
    private static final String SCHEME = "Bearer ";

    /** A subject stands in each record of what its owner reads. */
    private static final int LONGEST_NAME = 256;

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

    /** Who calls; nobody without a good token. */
    Optional<Caller> caller(String authorization, String source) {
        if (!authorization.startsWith(SCHEME)) {
            return Optional.empty();
        }
        try {
            JWTClaimsSet claims = processor.process(authorization.substring(SCHEME.length()), null);
            List<String> roles = claims.getStringListClaim("roles");
            return claims.getSubject().length() > LONGEST_NAME
                    ? Optional.empty()
                    : Optional.of(new Caller(claims.getSubject(), roles == null ? List.of() : roles, source));
        } catch (ParseException | BadJOSEException | JOSEException e) {
            return Optional.empty();
        }
    }
}
