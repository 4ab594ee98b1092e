package dev.keyproof.alerts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** {@code GET /health} for anyone, {@code GET /v1/alerts?after=CURSOR&limit=N} for whoever holds the token. Loopback only. */
final class FeedServer implements AutoCloseable {
    private static final int PAGE = 100;
    private static final int LARGEST_PAGE = 1_000;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ObjectMapper mapper;
    private final byte @Nullable [] token;
    private final AlertBook book;
    private final List<Delivery> deliveries;

    /**
     * Serves at once.
     *
     * @param token what the pull API asks for; null refuses everybody
     * @throws IOException if the port is taken
     */
    FeedServer(int port, byte @Nullable [] token, AlertBook book, List<Delivery> deliveries, ObjectMapper mapper)
            throws IOException {
        this.token = token;
        this.book = book;
        this.deliveries = deliveries;
        this.mapper = mapper;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/health") && exchange.getRequestMethod().equals("GET")) {
                ObjectNode health = health();
                boolean up = health.path("status").asText().equals("UP");
                send(exchange, up ? 200 : 503, "application/json", health);
            } else if (!authorised(exchange)) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
                problem(exchange, 401, "Unauthorized", "a bearer token is needed");
            } else if (!path.equals("/v1/alerts")) {
                problem(exchange, 404, "Not Found", "there is /v1/alerts and /health");
            } else if (!exchange.getRequestMethod().equals("GET")) {
                problem(exchange, 405, "Method Not Allowed", "alerts are only read here");
            } else {
                alerts(exchange);
            }
        }
    }

    private boolean authorised(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        return token != null
                && header != null
                && header.startsWith("Bearer ")
                && MessageDigest.isEqual(
                        token, header.substring("Bearer ".length()).getBytes(StandardCharsets.UTF_8));
    }

    private void alerts(HttpExchange exchange) throws IOException {
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        long after;
        int limit;
        try {
            after = Long.parseLong(query.getOrDefault("after", "-1"));
            limit = Integer.parseInt(query.getOrDefault("limit", String.valueOf(PAGE)));
        } catch (NumberFormatException e) {
            problem(exchange, 400, "Bad Request", "after is a cursor from an answer, limit a number");
            return;
        }
        if (limit < 1 || limit > LARGEST_PAGE) {
            problem(exchange, 400, "Bad Request", "limit is between 1 and " + LARGEST_PAGE);
            return;
        }
        ObjectNode answer = mapper.createObjectNode();
        ArrayNode list = answer.putArray("alerts");
        long next = after;
        for (Alert alert : book.after(after, limit)) {
            ObjectNode entry = list.addObject();
            entry.put("cursor", String.valueOf(alert.offset())).put("uid", alert.uid());
            ObjectNode states = entry.putObject("deliveries");
            deliveries.forEach(
                    delivery -> states.put(delivery.name(), delivery.state().of(alert.offset())));
            entry.set("alert", readable(alert));
            next = alert.offset();
        }
        answer.put("next", String.valueOf(next));
        send(exchange, 200, "application/json", answer);
    }

    private JsonNode readable(Alert alert) {
        try {
            return mapper.readTree(alert.body());
        } catch (IOException e) {
            return mapper.getNodeFactory().textNode(new String(alert.body(), StandardCharsets.UTF_8));
        }
    }

    private ObjectNode health() {
        boolean kafka = book.connected() && deliveries.stream().allMatch(KafkaTask::connected);
        boolean taken = deliveries.stream()
                .allMatch(delivery ->
                        delivery.fault().isEmpty() && delivery.state().parked().isEmpty());
        ObjectNode health = mapper.createObjectNode();
        health.put("status", kafka && taken ? "UP" : "DEGRADED").put("kafka", kafka);
        health.put("alerts", book.size());
        ArrayNode list = health.putArray("webhooks");
        for (Delivery delivery : deliveries) {
            Delivery.State state = delivery.state();
            list.addObject()
                    .put("name", delivery.name())
                    .put("position", state.position())
                    .put("lag", state.lag())
                    .put("delivered", state.delivered())
                    .put("duplicates", state.duplicates())
                    .put("undelivered", state.parked().size())
                    .put("fault", delivery.fault());
        }
        return health;
    }

    private void problem(HttpExchange exchange, int status, String title, String detail) throws IOException {
        ObjectNode problem = mapper.createObjectNode();
        problem.put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", detail);
        send(exchange, status, "application/problem+json", problem);
    }

    private static void send(HttpExchange exchange, int status, String type, JsonNode json) throws IOException {
        byte[] body = json.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                query.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return query;
    }
}
