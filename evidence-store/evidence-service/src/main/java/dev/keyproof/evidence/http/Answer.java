package dev.keyproof.evidence.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

    static Answer json(int status, ObjectNode json) {
        return new Answer(status, "application/json", json.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** RFC 9457. */
    static Answer problem(int status, String type, String detail) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("type", "urn:keyproof:problem:" + type)
                .put("title", type.replace('-', ' '))
                .put("status", status)
                .put("detail", detail);
        return new Answer(status, "application/problem+json", json.toString().getBytes(StandardCharsets.UTF_8));
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
