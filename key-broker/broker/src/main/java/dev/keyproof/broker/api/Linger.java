package dev.keyproof.broker.api;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Takes in what a caller still sends after it was refused. A connection that is closed while the caller sends is reset, and the refusal is
 * lost with it (RFC 9112 section 9.6). Bounded in bytes and time, for it may be anybody.
 */
final class Linger extends OncePerRequestFilter {
    private static final Logger LOG = LoggerFactory.getLogger(Linger.class);

    /** As much again as the largest request: who sends more than twice that is not told why. */
    private static final long MOST = 2 * BodyLimit.LARGEST;

    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Who sends nothing holds his place until the connection is idle for too long; of more than these the connections just end. */
    private final Semaphore places = new Semaphore(64);

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(request, response);
        // Who waits to be asked for the body sends none when refused, and reading would ask for it.
        if (response.getStatus() >= HttpServletResponse.SC_BAD_REQUEST
                && request.getHeader(HttpHeaders.EXPECT) == null
                && !request.getInputStream().isFinished()
                && places.tryAcquire()) {
            try {
                // Who waits for the answer before all is sent has it now.
                response.flushBuffer();
                drain(request.getInputStream());
            } catch (IOException e) {
                LOG.debug("event=caller-gone reason=\"{}\"", e.getMessage());
            } finally {
                places.release();
            }
        }
    }

    private static void drain(ServletInputStream body) throws IOException {
        byte[] dropped = new byte[16 * 1024];
        long begun = System.nanoTime();
        long left = MOST;
        for (int n = 0; n >= 0 && left > 0 && System.nanoTime() - begun < LONGEST_NANOS; left -= n) {
            n = body.read(dropped);
        }
    }
}
