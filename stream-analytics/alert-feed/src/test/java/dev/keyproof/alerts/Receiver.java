package dev.keyproof.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A receiver that refuses as often as it is told to. */
final class Receiver implements AutoCloseable {
    private final HttpServer server;
    private final AtomicInteger refuse = new AtomicInteger();
    private final List<Delivered> delivered = new CopyOnWriteArrayList<>();
    private final AtomicInteger refused = new AtomicInteger();

    /** One request as it came. */
    record Delivered(String id, String timestamp, String signature, String body) {}

    Receiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.createContext("/", exchange -> {
            try (exchange) {
                Delivered request = new Delivered(
                        exchange.getRequestHeaders().getFirst("webhook-id"),
                        exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                        exchange.getRequestHeaders().getFirst("webhook-signature"),
                        new String(exchange.getRequestBody().readAllBytes(), UTF_8));
                if (refuse.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                    refused.incrementAndGet();
                    exchange.sendResponseHeaders(500, -1);
                } else {
                    delivered.add(request);
                    exchange.sendResponseHeaders(204, -1);
                }
            }
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    void refuse(int times) {
        refuse.set(times);
    }

    int refused() {
        return refused.get();
    }

    List<Delivered> delivered() {
        return delivered;
    }

    List<String> ids() {
        return delivered.stream().map(Delivered::id).toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
