package dev.keyproof.broker.auth;

import java.util.Optional;
import org.springframework.security.oauth2.jwt.Jwt;

/** Tokens that were verified before and have not expired since. */
@FunctionalInterface
public interface KnownTokens {
    /** The token, if it is one of these; nothing says only that it is to be verified. */
    Optional<Jwt> known(String token);
}
