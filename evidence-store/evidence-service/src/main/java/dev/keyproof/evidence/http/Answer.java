package dev.keyproof.evidence.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Map;

/**
 * An answer before it is sent.
 *
 * @param headers beside {@code Content-Type} and {@code Content-Length}; nothing is kept by caches unless they say so
 */
record Answer(int status, String type, byte[] body, Map<String, String> headers) {
    private static final int NOT_MODIFIED = 304;

    Answer(int status, String type, byte[] body) {
        this(status, type, body, Map.of());
    }

    void send(HttpExchange exchange) throws IOException {
        var out = exchange.getResponseHeaders();
        out.set("Cache-Control", "no-store");
        headers.forEach(out::set);
        if (status == NOT_MODIFIED) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        out.set("Content-Type", type);
        if (exchange.getRequestMethod().equals("HEAD")) {
            // The length that GET would have; the server sends none of its own for HEAD.
            out.set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
