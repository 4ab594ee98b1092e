package dev.keyproof.broker.api;

import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.operation.Calls;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.problem.ProblemJson;
import dev.keyproof.event.KeyOperation;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Problems as RFC 9457 answers. A body that cannot be read is on the record too, when its caller is known. */
@RestControllerAdvice
class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final Pattern OPERATION = Pattern.compile("/v1/keys/(.+):([a-z-]+)");
    private static final int LONGEST_ID = 64;
    private static final Map<String, KeyOperation> OPERATIONS = Map.ofEntries(
            Map.entry("encrypt", KeyOperation.ENCRYPT),
            Map.entry("decrypt", KeyOperation.DECRYPT),
            Map.entry("sign", KeyOperation.SIGN),
            Map.entry("verify", KeyOperation.VERIFY),
            Map.entry("mac", KeyOperation.GENERATE_MAC),
            Map.entry("data-key", KeyOperation.GENERATE_DATA_KEY),
            Map.entry("re-wrap", KeyOperation.RE_ENCRYPT),
            Map.entry("rotate", KeyOperation.ROTATE_KEY),
            Map.entry("disable", KeyOperation.DISABLE_KEY),
            Map.entry("enable", KeyOperation.ENABLE_KEY),
            Map.entry("destroy", KeyOperation.DESTROY_KEY));

    private final Calls calls;
    private final CallReader reader;

    Problems(Calls calls, CallReader reader) {
        this.calls = calls;
        this.reader = reader;
    }

    @ExceptionHandler(ProblemException.class)
    ResponseEntity<byte[]> problem(ProblemException e) {
        ResponseEntity.BodyBuilder answer = ResponseEntity.status(
                        HttpStatusCode.valueOf(e.problem().status()))
                .contentType(MediaType.parseMediaType(ProblemJson.MEDIA_TYPE));
        if (e.position() != null) {
            answer.header(Answers.RECORD, e.position());
        }
        return answer.body(ProblemJson.of(e).bytes());
    }

    @ExceptionHandler(HttpMessageNotReadableException.class)
    ResponseEntity<byte[]> unreadable(HttpServletRequest request, HttpMessageNotReadableException e) {
        ProblemException why = new ProblemException(
                Problem.INVALID_INPUT, "the body is not JSON of the shape that /openapi.json describes", e);
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BodyLimit.TooLarge) {
                why = new ProblemException(
                        Problem.TOO_LARGE, "a request has at most " + BodyLimit.LARGEST + " bytes", e);
            }
        }
        return problem(recorded(request, why));
    }

    @ExceptionHandler(HttpMediaTypeNotSupportedException.class)
    ResponseEntity<byte[]> mediaType(HttpServletRequest request, HttpMediaTypeNotSupportedException e) {
        return problem(
                recorded(request, new ProblemException(Problem.UNSUPPORTED_MEDIA_TYPE, "send application/json", e)));
    }

    @ExceptionHandler(HttpRequestMethodNotSupportedException.class)
    ResponseEntity<byte[]> method(HttpRequestMethodNotSupportedException e) {
        return problem(new ProblemException(Problem.METHOD_NOT_ALLOWED, "see /openapi.json", e));
    }

    @ExceptionHandler({NoHandlerFoundException.class, NoResourceFoundException.class})
    ResponseEntity<byte[]> nothing(Exception e) {
        return problem(new ProblemException(Problem.NOT_FOUND, "see /openapi.json", e));
    }

    @ExceptionHandler(Exception.class)
    ResponseEntity<byte[]> failed(HttpServletRequest request, Exception e) {
        LOG.error(
                "event=request-failed method={} type={}",
                request.getMethod(),
                e.getClass().getName(),
                e);
        return problem(new ProblemException(Problem.INTERNAL, "the broker failed; see its log", e));
    }

    private ProblemException recorded(HttpServletRequest request, ProblemException why) {
        Optional<Call> call = reader.of(request);
        if (call.isEmpty()) {
            return why;
        }
        // Decoded, as it was when the handler was chosen.
        String path = request.getServletPath();
        Matcher use = OPERATION.matcher(path);
        if (use.matches()) {
            KeyOperation operation = OPERATIONS.get(use.group(2));
            String key = use.group(1).length() <= LONGEST_ID ? use.group(1) : null;
            return operation == null ? why : calls.unreadable(call.get(), Action.of(operation), key, why);
        }
        return action(path)
                .map(action -> calls.unreadable(call.get(), action, null, why))
                .orElse(why);
    }

    private static Optional<Action> action(String path) {
        if (path.equals("/v1/keys")) {
            return Optional.of(Action.of(KeyOperation.CREATE_KEY));
        }
        if (path.equals("/v1/kill-switch")) {
            return Optional.of(Action.SET_KILL_SWITCH);
        }
        if (path.equals("/v1/approvals")) {
            return Optional.of(Action.REQUEST_APPROVAL);
        }
        return path.startsWith("/v1/approvals/") ? Optional.of(Action.APPROVE) : Optional.empty();
    }
}
