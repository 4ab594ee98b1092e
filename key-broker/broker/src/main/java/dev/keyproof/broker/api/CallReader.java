package dev.keyproof.broker.api;

import com.github.f4b6a3.ulid.UlidCreator;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.call.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Makes the {@link Call} of a request: one per request, whoever asks for it. */
final class CallReader implements HandlerMethodArgumentResolver {
    /** Names the run that a call belongs to, so that its records can be counted. */
    static final String RUN = "Keyproof-Run";

    private static final String ATTRIBUTE = Call.class.getName();
    private static final int MOST_ROLES = 16;
    private static final int LONGEST = 128;

    private final Clock clock;

    CallReader(Clock clock) {
        this.clock = clock;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Call.class;
    }

    @Override
    public Call resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest web,
            @Nullable WebDataBinderFactory binders) {
        HttpServletRequest request = web.getNativeRequest(HttpServletRequest.class);
        if (request == null) {
            throw new IllegalStateException("not a servlet request");
        }
        return of(request).orElseThrow(() -> new IllegalStateException("a call without a caller"));
    }

    /** The call of the request, if its caller is known. */
    Optional<Call> of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Call made) {
            return Optional.of(made);
        }
        Principal principal = request.getUserPrincipal();
        if (!(principal instanceof JwtAuthenticationToken token)) {
            return Optional.empty();
        }
        return Optional.of(of(request, token.getToken()));
    }

    /** The call of the request, whose caller bears that token. */
    Call of(HttpServletRequest request, Jwt token) {
        Call call = new Call(
                UlidCreator.getUlid().toString(),
                caller(token),
                request.getRemoteAddr(),
                shortened(request.getHeader(HttpHeaders.USER_AGENT)),
                run(request.getHeader(RUN)),
                Instant.now(clock),
                System.nanoTime());
        request.setAttribute(ATTRIBUTE, call);
        return call;
    }

    private static Caller caller(Jwt token) {
        List<String> roles = new ArrayList<>();
        if (token.getClaim("roles") instanceof List<?> claimed) {
            for (Object role : claimed) {
                if (role instanceof String name
                        && roles.size() < MOST_ROLES
                        && name.length() <= LONGEST
                        && !name.equals(Caller.SCHEDULER)) {
                    roles.add(name);
                }
            }
        }
        String subject = token.getSubject();
        return new Caller(subject == null ? "" : subject, roles);
    }

    private static @Nullable String run(@Nullable String header) {
        return header != null && header.matches("[A-Za-z0-9._:-]{1,64}") ? header : null;
    }

    private static @Nullable String shortened(@Nullable String text) {
        return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }
}
