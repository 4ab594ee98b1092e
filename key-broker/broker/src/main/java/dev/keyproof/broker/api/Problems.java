package dev.keyproof.broker.api;

import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.problem.ProblemJson;
import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
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
    private final Refusals refusals;

    Problems(Refusals refusals) {
        this.refusals = refusals;
    }

    @ExceptionHandler(ProblemException.class)
    ResponseEntity<byte[]> problem(ProblemException e) {
        ResponseEntity.BodyBuilder answer = ResponseEntity.status(
                        HttpStatusCode.valueOf(e.problem().status()))
                .contentType(MediaType.parseMediaType(ProblemJson.MEDIA_TYPE));
        if (e.position() != null) {
            answer.header(Answers.RECORD, e.position());
        }
        if (!e.explanation().isEmpty()) {
            answer.header(Preference.APPLIED, Preference.EXPLANATION);
        }
        if (e.mayBeRepeated()) {
            answer.header(HttpHeaders.RETRY_AFTER, "1");
        }
        return answer.body(ProblemJson.of(e).bytes());
    }

    @ExceptionHandler(HttpMessageNotReadableException.class)
    ResponseEntity<byte[]> unreadable(HttpServletRequest request, Exception e) {
        ProblemException why = new ProblemException(
                Problem.INVALID_INPUT, "the body is not JSON of the shape that /openapi.json describes", e);
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BodyLimit.TooLarge) {
                why = new ProblemException(
                        Problem.TOO_LARGE, "a request has at most " + BodyLimit.LARGEST + " bytes", e);
            }
        }
        return problem(refusals.recorded(request, why));
    }

    @ExceptionHandler(HttpMediaTypeNotSupportedException.class)
    ResponseEntity<byte[]> mediaType(HttpServletRequest request, HttpMediaTypeNotSupportedException e) {
        return problem(refusals.recorded(
                request, new ProblemException(Problem.UNSUPPORTED_MEDIA_TYPE, "send application/json", e)));
    }

    @ExceptionHandler(HttpRequestMethodNotSupportedException.class)
    ResponseEntity<byte[]> method(HttpServletRequest request, HttpRequestMethodNotSupportedException e) {
        return problem(
                refusals.recorded(request, new ProblemException(Problem.METHOD_NOT_ALLOWED, "see /openapi.json", e)));
    }

    @ExceptionHandler({NoHandlerFoundException.class, NoResourceFoundException.class})
    ResponseEntity<byte[]> nothing(HttpServletRequest request, Exception e) {
        return problem(refusals.recorded(request, new ProblemException(Problem.NOT_FOUND, "see /openapi.json", e)));
    }

    @ExceptionHandler(Exception.class)
    ResponseEntity<byte[]> failed(HttpServletRequest request, Exception e) {
        LOG.error(
                "event=request-failed method={} type={}",
                request.getMethod(),
                e.getClass().getName(),
                e);
        return problem(refusals.recorded(
                request, new ProblemException(Problem.INTERNAL, "the broker failed; see its log", e)));
    }
}
