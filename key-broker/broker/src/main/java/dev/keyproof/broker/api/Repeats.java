package dev.keyproof.broker.api;

import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.problem.ProblemJson;
import dev.keyproof.broker.repeat.FirstAnswers;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Gives a repeated change its first answer (draft-ietf-httpapi-idempotency-key-header). Operations with keys take no
 * Idempotency-Key, since their answers may hold plaintext or keys and are kept nowhere.
 */
final class Repeats extends OncePerRequestFilter {
    /** Names a call that may be repeated. */
    static final String KEY = "Idempotency-Key";

    /** What these answer is for whoever may read it then. */
    private static final List<String> EXPORTS = List.of(":export", BackupsApi.PATH);

    private static final Logger LOG = LoggerFactory.getLogger(Repeats.class);
    /** A string as RFC 8941 writes it; many send it without the quotes. */
    private static final Pattern NAME = Pattern.compile("\"([A-Za-z0-9._:-]{1,128})\"|([A-Za-z0-9._:-]{1,128})");

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
    private static final String REPLAYED = "Idempotency-Replayed";
    private static final int SERVER_FAILED = 500;

    private final FirstAnswers answers;
    private final CallReader reader;
    private final Refusals refusals;

    Repeats(FirstAnswers answers, CallReader reader, Refusals refusals) {
        this.answers = answers;
        this.reader = reader;
        this.refusals = refusals;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String header = request.getHeader(KEY);
        Optional<Call> call = reader.of(request);
        if (header == null || call.isEmpty() || READING.contains(request.getMethod())) {
            chain.doFilter(request, response);
            return;
        }
        try {
            String name = name(request, header);
            byte[] body = request.getInputStream().readAllBytes();
            String caller = call.get().caller().id();
            String fingerprint = fingerprint(request, body);
            Optional<FirstAnswers.First> first =
                    answers.enter(caller, name, fingerprint, call.get().request());
            if (first.isEmpty()) {
                first(caller, name, new Again(request, body), response, chain);
            } else {
                repeat(first.get(), fingerprint, request, response);
            }
        } catch (ProblemException e) {
            answer(refusals.recorded(request, e), response);
        } catch (BodyLimit.TooLarge e) {
            answer(
                    refusals.recorded(
                            request,
                            new ProblemException(
                                    Problem.TOO_LARGE, "a request has at most " + BodyLimit.LARGEST + " bytes", e)),
                    response);
        }
    }

    private static String name(HttpServletRequest request, String header) throws ProblemException {
        String path = request.getServletPath();
        if (Refusals.usesKey(path) || EXPORTS.stream().anyMatch(path::endsWith)) {
            throw new ProblemException(
                    Problem.IDEMPOTENCY_KEY_UNSUPPORTED,
                    KEY
                            + ": is for changes; the answer of an operation with a key, or of an export, is kept nowhere, so call again without it");
        }
        Matcher name = NAME.matcher(header.strip());
        if (!name.matches()) {
            throw new ProblemException(
                    Problem.INVALID_INPUT, KEY + ": is \"1 to 128 of letters, digits, '.', '_', ':' and '-'\"");
        }
        String quoted = name.group(1);
        return quoted == null ? name.group(2) : quoted;
    }

    private void first(
            String caller, String name, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        ContentCachingResponseWrapper kept = new ContentCachingResponseWrapper(response);
        // What leaves here by an exception stays entered without an answer: nobody knows what became of it.
        chain.doFilter(request, kept);
        int status = kept.getStatus();
        try {
            // A server's failure that says when to ask again came to nothing.
            if (status >= 400 && (status < SERVER_FAILED || kept.getHeader(HttpHeaders.RETRY_AFTER) != null)) {
                answers.giveUp(caller, name);
            } else {
                Map<String, String> headers = new TreeMap<>();
                for (String header : Set.of(Answers.RECORD, HttpHeaders.ETAG, HttpHeaders.CONTENT_TYPE)) {
                    String value = kept.getHeader(header);
                    if (value != null) {
                        headers.put(header, value);
                    }
                }
                if (kept.getContentType() != null) {
                    headers.put(HttpHeaders.CONTENT_TYPE, kept.getContentType());
                }
                answers.keep(caller, name, new FirstAnswers.Given(status, headers, kept.getContentAsByteArray()));
            }
        } catch (ProblemException e) {
            LOG.warn("event=first-answer-not-kept reason=\"{}\"", e.getMessage());
        }
        kept.copyBodyToResponse();
    }

    private void repeat(
            FirstAnswers.First first, String fingerprint, HttpServletRequest request, HttpServletResponse response)
            throws ProblemException, IOException {
        if (!first.fingerprint().equals(fingerprint)) {
            throw new ProblemException(
                    Problem.IDEMPOTENCY_KEY_REUSED, KEY + ": was sent before with another request; take a new one");
        }
        FirstAnswers.Given given = first.answer();
        if (given == null) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "1");
            throw new ProblemException(
                    Problem.IDEMPOTENCY_IN_PROGRESS,
                    "the first call has no answer yet, or lost it with its broker; its records have the request id "
                            + first.request());
        }
        refusals.repeated(request, given.status(), given.headers().get(Answers.RECORD));
        response.setStatus(given.status());
        given.headers().forEach(response::setHeader);
        response.setHeader(REPLAYED, "true");
        response.getOutputStream().write(given.body());
    }

    private static void answer(ProblemException why, HttpServletResponse response) throws IOException {
        response.setStatus(why.problem().status());
        response.setContentType(ProblemJson.MEDIA_TYPE);
        if (why.position() != null) {
            response.setHeader(Answers.RECORD, why.position());
        }
        response.getOutputStream().write(ProblemJson.of(why).bytes());
    }

    /** Of all that decides what a call does. */
    private static String fingerprint(HttpServletRequest request, byte[] body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (@Nullable String part : new @Nullable String[] {
                request.getMethod(),
                request.getRequestURI(),
                request.getQueryString(),
                request.getContentType(),
                request.getHeader(HttpHeaders.IF_MATCH),
                request.getHeader(CallReader.CHANGE)
            }) {
                digest.update((part == null ? "" : part).getBytes(StandardCharsets.UTF_8));
                digest.update((byte) '\n');
            }
            return HexFormat.of().formatHex(digest.digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** A request whose body was read, to be read again. */
    private static final class Again extends HttpServletRequestWrapper {
        private final byte[] body;

        Again(HttpServletRequest request, byte[] body) {
            super(request);
            this.body = body;
        }

        @Override
        public ServletInputStream getInputStream() {
            ByteArrayInputStream in = new ByteArrayInputStream(body);
            return new ServletInputStream() {
                @Override
                public int read() {
                    return in.read();
                }

                @Override
                public int read(byte[] bytes, int offset, int length) {
                    return in.read(bytes, offset, length);
                }

                @Override
                public boolean isFinished() {
                    return in.available() == 0;
                }

                @Override
                public boolean isReady() {
                    return true;
                }

                @Override
                public void setReadListener(ReadListener listener) {
                    throw new IllegalStateException("read at once");
                }
            };
        }
    }
}
