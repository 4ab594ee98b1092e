package dev.keyproof.broker.api;

import com.github.f4b6a3.ulid.UlidCreator;
import dev.keyproof.broker.auth.ProvenCaller;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.call.Caller;
import jakarta.servlet.http.HttpServletRequest;
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

    /** Names the change in the organisation's own process that a call works on. */
    static final String CHANGE = "Keyproof-Change";

    private static final String ATTRIBUTE = Call.class.getName();
    private static final int MOST = 16;
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
        return switch (request.getUserPrincipal()) {
            case JwtAuthenticationToken token -> Optional.of(of(request, caller(token.getToken())));
            case ProvenCaller proven -> Optional.of(of(request, proven.caller()));
            case null, default -> Optional.empty();
        };
    }

    /** The call of the request, whose caller that is. */
    Call of(HttpServletRequest request, Caller caller) {
        Call call = new Call(
                UlidCreator.getUlid().toString(),
                caller,
                request.getRemoteAddr(),
                shortened(request.getHeader(HttpHeaders.USER_AGENT)),
                named(request.getHeader(RUN)),
                named(request.getHeader(CHANGE)),
                shortened(request.getHeader(HttpHeaders.IF_MATCH)),
                Preference.explanation(request),
                Instant.now(clock),
                System.nanoTime());
        request.setAttribute(ATTRIBUTE, call);
        return call;
    }

    static Caller caller(Jwt token) {
        // A role is one word: who reads several from one text would read the broker's own among them.
        List<String> roles = texts(token, "roles").stream()
                .filter(role -> !role.equals(Caller.SCHEDULER))
                .filter(role -> role.chars().noneMatch(Character::isWhitespace))
                .toList();
        String subject = token.getSubject();
        String posture = token.getClaim("posture") instanceof String said && said.length() <= LONGEST ? said : null;
        return new Caller(subject == null ? "" : subject, Caller.Method.TOKEN, roles, texts(token, "groups"), posture);
    }

    /** The short texts of a claim, so many as a record can bear. */
    private static List<String> texts(Jwt token, String claim) {
        List<String> texts = new ArrayList<>();
        if (token.getClaim(claim) instanceof List<?> claimed) {
            for (Object one : claimed) {
                if (one instanceof String text && texts.size() < MOST && text.length() <= LONGEST) {
                    texts.add(text);
                }
            }
        }
        return texts;
    }

    private static @Nullable String named(@Nullable String header) {
        return header != null && header.matches("[A-Za-z0-9][A-Za-z0-9._:-]{0,63}") ? header : null;
    }

    private static @Nullable String shortened(@Nullable String text) {
        return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }
}
