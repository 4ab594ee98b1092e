package dev.keyproof.stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /health} on loopback: 200 with {@code "status": "UP"} while every task runs and checkpoints complete, else 503.
 * {@code drained} is true once every committed event was read, and a later checkpoint has committed what came of them.
 */
final class Health implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Health.class);
    private static final long STALE_MS = 60_000;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;
    private static final int UNAVAILABLE = 503;

    private final ObjectMapper json = JsonMapper.builder().build();
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final HttpServer server;
    private final FlinkRest flink;
    private final SourceLag lag;
    private final Optional<Path> restored;
    private final Clock clock;

    /** Positions at which nothing was left to read, and how many checkpoints had been completed then. Of the one thread. */
    private @Nullable Caught caught;

    private record Caught(Map<Integer, Long> ends, long completed) {}

    Health(int port, FlinkRest flink, SourceLag lag, Optional<Path> restored, Clock clock) throws IOException {
        this.flink = flink;
        this.lag = lag;
        this.restored = restored;
        this.clock = clock;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        // One thread: what is asked of Kafka and Flink is asked once at a time.
        server.setExecutor(thread);
        server.createContext("/", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals("/health")) {
                exchange.sendResponseHeaders(NOT_FOUND, -1);
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.sendResponseHeaders(NOT_ALLOWED, -1);
            } else {
                ObjectNode body = json.createObjectNode();
                boolean up = describe(body);
                byte[] bytes = json.writeValueAsBytes(body);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(up ? OK : UNAVAILABLE, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        }
    }

    private boolean describe(ObjectNode body) {
        boolean up = false;
        FlinkRest.@Nullable Status status = null;
        try {
            status = flink.status();
            long age = status.lastAt() == 0 ? -1 : Math.max(0, clock.millis() - status.lastAt());
            up = status.state().equals("RUNNING") && status.tasksRunning() && age >= 0 && age < STALE_MS;
            body.put("status", up ? "UP" : "DOWN").put("job", status.state());
            body.putObject("checkpoints")
                    .put("completed", status.completed())
                    .put("lastId", status.lastId())
                    .put("lastAgeMs", age)
                    .put("restarts", status.restarts());
            body.put("recordsOut", status.recordsOut());
            if (!status.failure().isEmpty()) {
                body.put("lastFailure", status.failure());
            }
        } catch (IOException e) {
            LOG.debug("flink does not answer", e);
            body.put("status", "DOWN").put("why", "flink: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            body.put("status", "DOWN").put("why", "stopping");
        }
        restored.ifPresent(path -> body.put("restored", path.toString()));
        positions(body, status);
        return up;
    }

    private void positions(ObjectNode body, FlinkRest.@Nullable Status status) {
        try {
            Map<Integer, SourceLag.Partition> partitions = lag.partitions();
            long behind = 0;
            long read = 0;
            Map<Integer, Long> ends = new java.util.TreeMap<>();
            ObjectNode positions = body.putObject("positions");
            for (var entry : partitions.entrySet()) {
                SourceLag.Partition at = entry.getValue();
                behind += at.lag();
                read += at.committed();
                ends.put(entry.getKey(), at.end());
                positions
                        .putObject(Integer.toString(entry.getKey()))
                        .put("committed", at.committed())
                        .put("end", at.end())
                        .put("lag", at.lag());
            }
            body.put("recordsIn", read).put("lag", behind).put("drained", drained(behind, ends, status));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            body.put("drained", false);
        } catch (Exception e) {
            LOG.debug("positions unknown", e);
            body.put("drained", false).put("kafka", String.valueOf(e.getMessage()));
        }
    }

    private boolean drained(long behind, Map<Integer, Long> ends, FlinkRest.@Nullable Status status) {
        if (behind > 0 || status == null) {
            caught = null;
            return false;
        }
        Caught before = caught;
        if (before == null || !before.ends().equals(ends) || before.completed() > status.completed()) {
            caught = new Caught(ends, status.completed());
            return false;
        }
        return status.completed() > before.completed();
    }

    @Override
    public void close() {
        server.stop(0);
        thread.shutdownNow();
        try {
            if (thread.awaitTermination(1, java.util.concurrent.TimeUnit.SECONDS)) {
                lag.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
