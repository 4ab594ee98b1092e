package dev.keyproof.broker.auth;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import dev.keyproof.broker.config.ConfigurationFault;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.file.Path;
import java.text.ParseException;

/** The issuer's public keys, cached and read again when a token names one that is not there. */
final class IssuerKeys {
    private IssuerKeys() {}

    static JWKSource<SecurityContext> at(URI place) {
        if ("file".equals(place.getScheme())) {
            FileKeys file = new FileKeys(Path.of(place));
            file.check();
            return JWKSourceBuilder.create(file).build();
        }
        try {
            return JWKSourceBuilder.create(place.toURL()).build();
        } catch (MalformedURLException e) {
            throw new ConfigurationFault("keyproof.jwt.jwks: " + place + " is no URL", e);
        }
    }

    private record FileKeys(Path file) implements JWKSetSource<SecurityContext> {
        void check() {
            try {
                if (JWKSet.load(file.toFile()).getKeys().isEmpty()) {
                    throw new ConfigurationFault("keyproof.jwt.jwks: " + file + " has no keys");
                }
            } catch (IOException | ParseException e) {
                throw new ConfigurationFault("keyproof.jwt.jwks: " + file + " cannot be read as JWKS", e);
            }
        }

        @Override
        public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator evaluator, long now, SecurityContext context)
                throws KeySourceException {
            try {
                return JWKSet.load(file.toFile());
            } catch (IOException | ParseException e) {
                throw new JWKSetUnavailableException("the issuer's keys cannot be read", e);
            }
        }

        @Override
        public void close() {
            // A file is opened for each reading.
        }
    }
}
