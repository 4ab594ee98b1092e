package dev.keyproof.evidence.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.keyproof.evidence.config.EvidenceConfig;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.log.LogException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server: who calls, which endpoint, and what became of it. Loopback only. */
public final class EvidenceApi implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EvidenceApi.class);

    private final List<Route> routes;
    private final Bearer bearer;
    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    public EvidenceApi(EvidenceConfig config, List<Routes> groups) throws EvidenceException {
        this.routes = groups.stream().flatMap(group -> group.routes().stream()).toList();
        int port = config.http().port();
        try {
            this.bearer = new Bearer(config.jwt());
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 64);
        } catch (IOException e) {
            throw new EvidenceException(
                    "the port " + port + " cannot be taken: " + e.getMessage()
                            + "; stop what holds it, or set http.port",
                    e);
        }
        server.setExecutor(executor);
        server.createContext("/", this::handle);
    }

    public void start() {
        server.start();
    }

    /** The port in use. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            Answer answer;
            try {
                answer = answer(exchange);
            } catch (EvidenceException e) {
                answer = Answer.problem(409, "not-possible", String.valueOf(e.getMessage()));
            } catch (LogException | IOException | RuntimeException e) {
                LOG.error(
                        "event=request-failed path={}", exchange.getRequestURI().getPath(), e);
                answer = Answer.problem(500, "failed", "the request failed; the service's log says why");
            }
            answer.send(exchange);
        } catch (IOException e) {
            LOG.debug("event=caller-gone", e);
        }
    }

    private Answer answer(HttpExchange exchange) throws EvidenceException, LogException, IOException {
        String path = exchange.getRequestURI().getPath();
        List<String> allowed = new ArrayList<>();
        for (Route route : routes) {
            Matcher matcher = route.path().matcher(path);
            if (!matcher.matches()) {
                continue;
            }
            if (!route.takes(exchange.getRequestMethod())) {
                allowed.add(route.method());
                continue;
            }
            List<String> parts = IntStream.rangeClosed(1, matcher.groupCount())
                    .mapToObj(matcher::group)
                    .toList();
            return answer(route, new Call(exchange, parts));
        }
        // Who is not known learns nothing of what there is.
        return switch (bearer.access(authorization(exchange))) {
            case UNKNOWN -> unauthenticated();
            case ALLOWED, FORBIDDEN ->
                allowed.isEmpty()
                        ? Answer.problem(404, "not-found", "there is nothing at " + path)
                        : notSo(path, String.join(", ", allowed));
        };
    }

    private Answer answer(Route route, Call call) throws EvidenceException, LogException, IOException {
        if (route.access() == Route.Access.EVERYONE) {
            return route.handler().answer(call);
        }
        boolean operators = route.access() == Route.Access.OPERATORS;
        String shown = authorization(call.exchange());
        return switch (operators ? bearer.operator(shown) : bearer.access(shown)) {
            case UNKNOWN -> unauthenticated();
            case FORBIDDEN ->
                Answer.problem(
                        403,
                        "forbidden",
                        "the role " + (operators ? "operator" : "auditor or operator") + " is needed");
            case ALLOWED -> route.handler().answer(call);
        };
    }

    private static Answer notSo(String path, String allowed) {
        Answer problem = Answer.problem(405, "method-not-allowed", path + " takes " + allowed);
        return new Answer(problem.status(), problem.type(), problem.body(), Map.of("Allow", allowed));
    }

    private static Answer unauthenticated() {
        return Answer.problem(401, "unauthenticated", "a bearer token of the configured issuer is needed");
    }

    private static String authorization(HttpExchange exchange) {
        return Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), "");
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
