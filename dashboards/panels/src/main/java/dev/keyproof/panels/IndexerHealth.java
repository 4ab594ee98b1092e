package dev.keyproof.panels;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** {@code GET /health}: whether the index can be reached, how many documents went in, how many messages wait. */
final class IndexerHealth implements AutoCloseable {
    private final HttpServer server;
    private final AtomicLong indexed = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();
    private volatile boolean reachable;
    private volatile long lag = -1;

    IndexerHealth(int port) throws IOException {
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/health", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    void indexed(int documents) {
        indexed.addAndGet(documents);
    }

    void rejected() {
        rejected.incrementAndGet();
    }

    void reachable(boolean reachable) {
        this.reachable = reachable;
    }

    void lag(long messages) {
        this.lag = messages;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = String.format(
                            Locale.ROOT,
                            "{\"status\":\"%s\",\"lag\":%d,\"indexed\":%d,\"rejected\":%d}",
                            reachable ? "UP" : "DEGRADED",
                            lag,
                            indexed.get(),
                            rejected.get())
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(reachable ? 200 : 503, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
