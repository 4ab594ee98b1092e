package dev.keyproof.broker.api;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Takes in what a caller still sends after it was refused. A connection that is closed while the caller sends is reset, and the refusal is
 * lost with it (RFC 9112 section 9.6). Bounded in bytes and time, for it may be anybody.
 */
final class Linger extends OncePerRequestFilter {
    /** As much again as the largest request: who sends more than twice that is not told why. */
    private static final long MOST = 2 * BodyLimit.LARGEST;

    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(2);

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(request, response);
        // Who waits to be asked for the body sends none when refused, and reading would ask for it.
        if (response.getStatus() >= HttpServletResponse.SC_BAD_REQUEST
                && request.getHeader(HttpHeaders.EXPECT) == null) {
            drain(request.getInputStream());
        }
    }

    private static void drain(ServletInputStream body) {
        byte[] dropped = new byte[16 * 1024];
        long begun = System.nanoTime();
        long left = MOST;
        try {
            for (int n = 0; n >= 0 && left > 0 && System.nanoTime() - begun < LONGEST_NANOS; left -= n) {
                n = body.read(dropped);
            }
        } catch (IOException e) {
            // The caller is gone, or sends what cannot be read: there is nobody left to spare.
            return;
        }
    }
}
