package dev.keyproof.broker.api;

import dev.keyproof.broker.auth.KnownCertificates;
import dev.keyproof.broker.auth.KnownTokens;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.call.Caller;
import dev.keyproof.broker.operation.Item;
import dev.keyproof.broker.problem.ProblemException;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The way of crypto calls past Spring's filters, which cost such a call more than all else together: a plain JSON POST by the
 * bearer of a token, or over a connection with a certificate, that the ordinary way has verified. Whatever is in any way unusual goes the ordinary way, so nothing is
 * let in here that would not be there, and what is answered is the same.
 */
final class ShortWay implements Filter {
    private static final String KEYS = "/v1/keys/";
    private static final String BEARER = "Bearer ";
    private static final String JSON_TYPE = "application/json";

    private final KnownTokens tokens;
    private final KnownCertificates certificates;
    private final CallReader reader;
    private final Gate gate;
    private final Problems problems;
    private final JsonMapper json;
    private final Map<String, Way<?>> ways;

    ShortWay(
            KnownTokens tokens,
            KnownCertificates certificates,
            CallReader reader,
            Gate gate,
            CryptoApi crypto,
            Problems problems,
            JsonMapper json) {
        this.tokens = tokens;
        this.certificates = certificates;
        this.reader = reader;
        this.gate = gate;
        this.problems = problems;
        this.json = json;
        this.ways = Map.ofEntries(
                Map.entry("encrypt", new Way<>(Item.Encrypt.class, crypto::encrypt)),
                Map.entry("decrypt", new Way<>(Item.Decrypt.class, crypto::decrypt)),
                Map.entry("sign", new Way<>(Item.Sign.class, crypto::sign)),
                Map.entry("verify", new Way<>(Item.Verify.class, crypto::verify)),
                Map.entry("mac", new Way<>(Item.Mac.class, crypto::mac)),
                Map.entry("data-key", new Way<>(Item.DataKey.class, crypto::dataKey)),
                Map.entry("re-wrap", new Way<>(Item.ReWrap.class, crypto::reWrap)),
                Map.entry("derive", new Way<>(Item.Derive.class, crypto::derive)));
    }

    @FunctionalInterface
    private interface Operation<I> {
        ResponseEntity<Object> perform(Call call, String key, I body) throws ProblemException;
    }

    /** An operation, and what its body is read as. */
    private record Way<I>(Class<I> type, Operation<I> operation) {
        ResponseEntity<Object> go(Call call, String key, Object body) throws ProblemException {
            return operation.perform(call, key, type.cast(body));
        }
    }

    /** A request that may take the short way. */
    private record Taken(Way<?> way, String key, Caller caller) {}

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request instanceof HttpServletRequest http && response instanceof HttpServletResponse answer) {
            Taken taken = taken(http);
            if (taken != null) {
                go(taken, http, answer);
                return;
            }
        }
        chain.doFilter(request, response);
    }

    private @Nullable Taken taken(HttpServletRequest request) {
        String path = request.getRequestURI();
        int colon = path.lastIndexOf(':');
        if (!path.startsWith(KEYS)
                || colon < KEYS.length()
                || !request.getMethod().equals("POST")) {
            return null;
        }
        Way<?> way = ways.get(path.substring(colon + 1));
        String key = path.substring(KEYS.length(), colon);
        long length = request.getContentLengthLong();
        if (way == null
                || !key.chars().allMatch(ShortWay::plain)
                || length < 0
                || length > BodyLimit.LARGEST
                || request.getQueryString() != null
                || request.getHeader(Repeats.KEY) != null
                || !JSON_TYPE.equals(request.getContentType())) {
            return null;
        }
        return caller(request).map(caller -> new Taken(way, key, caller)).orElse(null);
    }

    /** A token goes first, whatever certificate the connection has. */
    private Optional<Caller> caller(HttpServletRequest request) {
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (authorization != null) {
            return authorization.startsWith(BEARER)
                    ? tokens.known(authorization.substring(BEARER.length())).map(CallReader::caller)
                    : Optional.empty();
        }
        return request.getAttribute("jakarta.servlet.request.X509Certificate") instanceof X509Certificate[] shown
                        && shown.length > 0
                ? certificates.known(shown[0])
                : Optional.empty();
    }

    /** What stands in a path for itself. */
    private static boolean plain(int c) {
        return (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '_'
                || c == '.';
    }

    private void go(Taken taken, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Call call = reader.of(request, taken.caller());
        if (!gate.passes(call, taken.key(), response)) {
            return;
        }
        ResponseEntity<?> answer;
        try {
            @Nullable Object body = json.readValue(
                    request.getInputStream().readAllBytes(), taken.way().type());
            answer = body == null
                    ? problems.unreadable(request, new IllegalArgumentException("the body is null"))
                    : taken.way().go(call, taken.key(), body);
        } catch (JacksonException e) {
            answer = problems.unreadable(request, e);
        } catch (ProblemException e) {
            answer = problems.problem(e);
        } catch (RuntimeException e) {
            answer = problems.failed(request, e);
        }
        write(answer, response);
    }

    private void write(ResponseEntity<?> answer, HttpServletResponse response) throws IOException {
        response.setStatus(answer.getStatusCode().value());
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        for (String header : List.of(Answers.RECORD, HttpHeaders.RETRY_AFTER, Preference.APPLIED)) {
            List<String> values = answer.getHeaders().get(header);
            if (values != null) {
                response.setHeader(header, values.getFirst());
            }
        }
        byte[] body;
        if (answer.getBody() instanceof byte[] problem) {
            response.setContentType(String.valueOf(answer.getHeaders().getContentType()));
            body = problem;
        } else {
            response.setContentType(JSON_TYPE);
            body = json.writeValueAsBytes(answer.getBody());
        }
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
