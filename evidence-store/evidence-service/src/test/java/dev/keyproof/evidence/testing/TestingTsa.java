package dev.keyproof.evidence.testing;

import com.sun.net.httpserver.HttpServer;
import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingTimeStamps;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A small time-stamp authority on a port of its own, which can be down and come back. */
public final class TestingTsa implements AutoCloseable {
    private final TestingTimeStamps stamps;
    private final Clock clock;
    private final int port;
    private final AtomicInteger asked = new AtomicInteger();
    private @Nullable HttpServer server;

    /** Up at once. */
    public TestingTsa(TestingAuthority authority, Clock clock) throws IOException {
        this.stamps = new TestingTimeStamps(authority);
        this.clock = clock;
        HttpServer first = listen(0);
        this.port = first.getAddress().getPort();
        this.server = first;
    }

    private HttpServer listen(int at) throws IOException {
        HttpServer listening = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 8);
        listening.createContext("/", exchange -> {
            asked.incrementAndGet();
            byte[] answer = stamps.answer(exchange.getRequestBody().readAllBytes(), clock.instant());
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        listening.start();
        return listening;
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    public List<X509Certificate> chain() {
        return stamps.chain();
    }

    /** Requests answered so far. */
    public int asked() {
        return asked.get();
    }

    public void down() {
        if (server != null) {
            server.stop(0);
            server = null;
        }
    }

    public void up() throws IOException {
        server = listen(port);
    }

    @Override
    public void close() {
        down();
    }
}
