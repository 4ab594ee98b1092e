package dev.keyproof.broker.auth;

import dev.keyproof.broker.journal.Strangers;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.problem.ProblemJson;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.web.AuthenticationEntryPoint;

/** Answers who has no valid token, and counts it. The answer says what is wrong with the token, never what is behind it. */
final class StrangersRefused implements AuthenticationEntryPoint {
    private final Strangers strangers;

    StrangersRefused(Strangers strangers) {
        this.strangers = strangers;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException why)
            throws IOException {
        String reason = reason(request, why);
        strangers.refused(reason);
        ProblemException problem = new ProblemException(
                Problem.UNAUTHENTICATED,
                switch (reason) {
                    case "none" -> "send a token (Authorization: Bearer ...) or come with a client certificate";
                    case "expired" -> "the token has expired";
                    case "not-yet-valid" -> "the token is not valid yet";
                    case "issuer" -> "the token is of another issuer";
                    case "audience" -> "the token is for another audience";
                    case "incomplete" -> "the token has no subject or no expiry";
                    case "subject" -> "the token's subject is kept for callers who come with a certificate";
                    case "certificate-expired" -> "the client certificate is not valid at this time";
                    case "certificate-revoked" -> "the client certificate is revoked";
                    case "certificate-revocation-unknown" ->
                        "whether the client certificate is revoked cannot be said: its issuer's list is missing or too old";
                    case "certificate-untrusted" ->
                        "the client certificate is not of an authority that is trusted here";
                    case "certificate-nameless" ->
                        "the client certificate names nobody: it needs one common name, or as a workload's one SPIFFE id"
                                + " of the trust domain";
                    default -> "the token is not valid";
                });
        response.setStatus(Problem.UNAUTHENTICATED.status());
        response.setHeader(
                HttpHeaders.WWW_AUTHENTICATE, reason.equals("none") ? "Bearer" : "Bearer error=\"invalid_token\"");
        response.setContentType(ProblemJson.MEDIA_TYPE);
        response.getOutputStream().write(ProblemJson.of(problem).bytes());
    }

    private static String reason(HttpServletRequest request, AuthenticationException why) {
        if (request.getAttribute(ClientCertificates.REFUSED) instanceof CertificateRefused refused) {
            return refused.reason();
        }
        for (Throwable cause = why; cause != null; cause = cause.getCause()) {
            if (cause instanceof JwtValidationException invalid
                    && !invalid.getErrors().isEmpty()) {
                return invalid.getErrors().iterator().next().getErrorCode();
            }
        }
        return request.getHeader(HttpHeaders.AUTHORIZATION) == null ? "none" : "invalid";
    }
}
