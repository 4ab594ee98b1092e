package dev.keyproof.broker.auth;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Knows the caller by the certificate of its connection, where the request brings no token; a token goes first. */
final class ClientCertificates extends OncePerRequestFilter {
    /** Where a request carries why its certificate was refused. */
    static final String REFUSED = CertificateRefused.class.getName();

    private final CertificateCallers callers;

    ClientCertificates(CertificateCallers callers) {
        this.callers = callers;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getHeader(HttpHeaders.AUTHORIZATION) == null
                && request.getAttribute("jakarta.servlet.request.X509Certificate") instanceof X509Certificate[] shown
                && shown.length > 0) {
            try {
                SecurityContext known = SecurityContextHolder.createEmptyContext();
                known.setAuthentication(new ProvenCaller(callers.caller(List.of(shown))));
                SecurityContextHolder.setContext(known);
            } catch (CertificateRefused e) {
                request.setAttribute(REFUSED, e);
            }
        }
        chain.doFilter(request, response);
    }
}
