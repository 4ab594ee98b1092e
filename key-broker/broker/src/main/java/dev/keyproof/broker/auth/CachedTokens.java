package dev.keyproof.broker.auth;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/**
 * Remembers verified tokens until they expire: verifying one costs more than the rest of a request. Bounded, so that many
 * tokens cost time and not memory.
 */
final class CachedTokens implements JwtDecoder, KnownTokens {
    /** About 20 MB of tokens at most. */
    static final int MOST = 10_000;

    private final JwtDecoder verifier;
    private final Clock clock;
    private final ConcurrentMap<String, Jwt> verified = new ConcurrentHashMap<>();

    CachedTokens(JwtDecoder verifier, Clock clock) {
        this.verifier = verifier;
        this.clock = clock;
    }

    @Override
    public Optional<Jwt> known(String token) {
        return Optional.ofNullable(verified.get(token)).filter(this::alive);
    }

    @Override
    public Jwt decode(String token) {
        Jwt known = verified.get(token);
        if (known != null && alive(known)) {
            return known;
        }
        Jwt fresh = verifier.decode(token);
        if (verified.size() >= MOST) {
            verified.values().removeIf(jwt -> !alive(jwt));
            if (verified.size() >= MOST) {
                verified.clear();
            }
        }
        verified.put(token, fresh);
        return fresh;
    }

    private boolean alive(Jwt token) {
        Instant expires = token.getExpiresAt();
        return expires != null && clock.instant().isBefore(expires);
    }
}
