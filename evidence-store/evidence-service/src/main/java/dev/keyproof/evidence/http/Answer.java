package dev.keyproof.evidence.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * An answer before it is sent.
 *
 * @param headers beside {@code Content-Type} and {@code Content-Length}; nothing is kept by caches unless they say so
 * @param scope what was read, for the record of it; empty if that is on record already
 */
record Answer(int status, String type, Body body, Map<String, String> headers, Optional<ObjectNode> scope) {
    private static final int NOT_MODIFIED = 304;

    Answer(int status, String type, byte[] body, Map<String, String> headers) {
        this(status, type, Body.of(body), headers, Optional.of(JsonNodeFactory.instance.objectNode()));
    }

    /** What is sent, once, and closed, whether it was sent or not. */
    interface Body extends Closeable {
        long length();

        void writeTo(OutputStream out) throws IOException;

        @Override
        default void close() throws IOException {}

        /** For HEAD: how long it would be. */
        static Body ofLength(long length) {
            return new Body() {
                @Override
                public long length() {
                    return length;
                }

                @Override
                public void writeTo(OutputStream out) throws IOException {
                    throw new IOException("there is only its length");
                }
            };
        }

        static Body of(byte[] bytes) {
            return new Body() {
                @Override
                public long length() {
                    return bytes.length;
                }

                @Override
                public void writeTo(OutputStream out) throws IOException {
                    out.write(bytes);
                }
            };
        }
    }

    static Answer json(int status, ObjectNode json) {
        return new Answer(status, "application/json", json.toString().getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** RFC 9457. */
    static Answer problem(int status, String type, String detail) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("type", "urn:keyproof:problem:" + type)
                .put("title", type.replace('-', ' '))
                .put("status", status)
                .put("detail", detail);
        return new Answer(
                status, "application/problem+json", json.toString().getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** The same answer, with what is to be recorded of it. */
    Answer about(ObjectNode read) {
        return new Answer(status, type, body, headers, Optional.of(read));
    }

    /** The same answer, with these headers alone. */
    Answer with(Map<String, String> others) {
        return new Answer(status, type, body, others, scope);
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
            out.set("Content-Length", Long.toString(body.length()));
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, body.length() == 0 ? -1 : body.length());
            body.writeTo(exchange.getResponseBody());
        }
    }
}
