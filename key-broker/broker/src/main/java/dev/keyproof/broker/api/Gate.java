package dev.keyproof.broker.api;

import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.journal.Throttled;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.problem.ProblemJson;
import dev.keyproof.broker.throttle.Throttle;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets no known caller call too often. It stands before all that costs something: no body is read, nothing is recorded singly. */
final class Gate extends OncePerRequestFilter {
    private static final String KEYS = "/v1/keys/";
    /** No key's id is longer, nor any alias: what is, is no key's bucket. */
    private static final int LONGEST = 64;

    private final Throttle throttle;
    private final Throttled throttled;
    private final CallReader reader;
    private final LeasedKeys keys;

    Gate(Throttle throttle, Throttled throttled, CallReader reader, LeasedKeys keys) {
        this.throttle = throttle;
        this.throttled = throttled;
        this.reader = reader;
        this.keys = keys;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<Call> call = reader.of(request);
        if (call.isEmpty() || passes(call.get(), key(request.getServletPath()), response)) {
            chain.doFilter(request, response);
        }
    }

    /** Whether the call may go on; otherwise it is answered. */
    boolean passes(Call call, @Nullable String key, HttpServletResponse response) throws IOException {
        String caller = call.caller().id();
        long wait = throttle.take(caller, key == null ? null : keys.resolve(key));
        if (wait == 0) {
            return true;
        }
        throttled.refused(caller);
        ProblemException why = new ProblemException(
                Problem.TOO_MANY_REQUESTS, "these are more calls than policy lets this caller make; see Retry-After");
        response.setStatus(Problem.TOO_MANY_REQUESTS.status());
        response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(wait));
        response.setContentType(ProblemJson.MEDIA_TYPE);
        response.getOutputStream().write(ProblemJson.of(why).bytes());
        return false;
    }

    /** The key that a path is about, by its id or alias. */
    private static @Nullable String key(String path) {
        if (!path.startsWith(KEYS)) {
            return null;
        }
        int end = KEYS.length();
        while (end < path.length() && path.charAt(end) != ':' && path.charAt(end) != '/') {
            end++;
        }
        return end - KEYS.length() > LONGEST ? null : path.substring(KEYS.length(), end);
    }
}
