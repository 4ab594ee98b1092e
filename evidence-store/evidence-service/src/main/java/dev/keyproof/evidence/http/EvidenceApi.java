package dev.keyproof.evidence.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.keyproof.evidence.access.AccessLog;
import dev.keyproof.evidence.access.AccessPolicy;
import dev.keyproof.evidence.access.Admission;
import dev.keyproof.evidence.access.Caller;
import dev.keyproof.evidence.access.NotRecordedException;
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
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server: who calls, which endpoint, whether policy permits it, and that it is on record before it is answered. Loopback only.
 */
public final class EvidenceApi implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EvidenceApi.class);

    private final List<Route> routes;
    private final Bearer bearer;
    private final AccessPolicy policy;
    private final AccessLog record;
    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    public EvidenceApi(EvidenceConfig config, AccessPolicy policy, AccessLog record, List<Routes> groups)
            throws EvidenceException {
        this.policy = policy;
        this.record = record;
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
            } catch (NotRecordedException e) {
                answer = Answer.problem(
                        503, "not-recorded", "what is done is put on record before it is answered: " + e.getMessage());
            } catch (RuntimeException e) {
                answer = failed(exchange, e);
            }
            try {
                answer.send(exchange);
            } finally {
                answer.body().close();
            }
        } catch (IOException e) {
            LOG.debug("event=caller-gone", e);
        }
    }

    private static Answer failed(HttpExchange exchange, Exception e) {
        LOG.error("event=request-failed path={}", exchange.getRequestURI().getPath(), e);
        return Answer.problem(500, "failed", "the request failed; the service's log says why");
    }

    private Answer answer(HttpExchange exchange) throws NotRecordedException {
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
            return answer(route, exchange, parts);
        }
        // Who is not known learns nothing of what there is.
        if (caller(exchange).isEmpty()) {
            return unauthenticated();
        }
        return allowed.isEmpty()
                ? Answer.problem(404, "not-found", "there is nothing at " + path)
                : notSo(path, String.join(", ", allowed));
    }

    private Answer answer(Route route, HttpExchange exchange, List<String> parts) throws NotRecordedException {
        if (route.operation().isEmpty()) {
            return handled(route, new Call(exchange, Optional.empty(), parts));
        }
        Optional<Caller> caller = caller(exchange);
        if (caller.isEmpty()) {
            return unauthenticated();
        }
        Admission admission = policy.ask(caller.get(), route.operation().get());
        if (!admission.allowed()) {
            record.refused(admission);
            return Answer.problem(
                    403,
                    "forbidden",
                    "policy does not permit " + admission.operation().id() + " to this caller: "
                            + String.join(", ", admission.decision().reasons()));
        }
        Answer answer = handled(route, new Call(exchange, Optional.of(admission), parts));
        if (answer.scope().isPresent()) {
            record.done(
                    admission,
                    answer.status(),
                    answer.body().length(),
                    answer.scope().get());
        }
        return answer;
    }

    private static Answer handled(Route route, Call call) throws NotRecordedException {
        try {
            return route.handler().answer(call);
        } catch (EvidenceException e) {
            return Answer.problem(409, "not-possible", String.valueOf(e.getMessage()));
        } catch (LogException | IOException | RuntimeException e) {
            return failed(call.exchange(), e);
        }
    }

    private Optional<Caller> caller(HttpExchange exchange) {
        return bearer.caller(
                Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), ""),
                exchange.getRemoteAddress().getAddress().getHostAddress());
    }

    private static Answer notSo(String path, String allowed) {
        Answer problem = Answer.problem(405, "method-not-allowed", path + " takes " + allowed);
        return problem.with(Map.of("Allow", allowed));
    }

    private Answer unauthenticated() {
        record.stranger();
        return Answer.problem(401, "unauthenticated", "a bearer token of the configured issuer is needed");
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
