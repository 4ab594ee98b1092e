package dev.keyproof.broker.auth;

import dev.keyproof.broker.call.Caller;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;

/** What a token must say besides being signed; the error's code is the reason that is counted. */
final class TokenChecks implements OAuth2TokenValidator<Jwt> {
    /** How far two clocks may be apart. */
    static final Duration SKEW = Duration.ofSeconds(5);

    private final String issuer;
    private final String audience;
    private final Clock clock;

    TokenChecks(String issuer, String audience, Clock clock) {
        this.issuer = issuer;
        this.audience = audience;
        this.clock = clock;
    }

    @Override
    public OAuth2TokenValidatorResult validate(Jwt token) {
        String fault = fault(token);
        return fault == null
                ? OAuth2TokenValidatorResult.success()
                : OAuth2TokenValidatorResult.failure(new OAuth2Error(fault, fault, null));
    }

    private @Nullable String fault(Jwt token) {
        Instant now = clock.instant();
        if (token.getExpiresAt() == null
                || token.getSubject() == null
                || token.getSubject().isBlank()) {
            return "incomplete";
        }
        if (Caller.Method.owning(token.getSubject()) != Caller.Method.TOKEN) {
            return "subject";
        }
        if (!now.isBefore(token.getExpiresAt().plus(SKEW))) {
            return "expired";
        }
        if (token.getNotBefore() != null && now.isBefore(token.getNotBefore().minus(SKEW))) {
            return "not-yet-valid";
        }
        if (!issuer.equals(token.getClaimAsString("iss"))) {
            return "issuer";
        }
        if (token.getAudience() == null || !token.getAudience().contains(audience)) {
            return "audience";
        }
        return null;
    }
}
