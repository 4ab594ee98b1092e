package dev.keyproof.evidence.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.keyproof.evidence.config.EvidenceConfig;
import dev.keyproof.evidence.head.CheckpointCms;
import dev.keyproof.evidence.head.EvidenceRecords;
import dev.keyproof.evidence.head.HeadPublisher;
import dev.keyproof.evidence.head.RenewalHash;
import dev.keyproof.evidence.head.TimeStamper;
import dev.keyproof.evidence.pack.PackBuilder;
import dev.keyproof.evidence.pack.PackRequest;
import dev.keyproof.evidence.remote.RemoteTier;
import dev.keyproof.evidence.seal.DrillReports;
import dev.keyproof.evidence.seal.SealedState;
import dev.keyproof.evidence.seal.SealingLoop;
import dev.keyproof.evidence.seal.SignerRollover;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.evidence.witness.Witnesses;
import dev.keyproof.log.Immutability;
import dev.keyproof.log.LogException;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server: {@code /health} for everyone; for auditors and operators {@code /log/YEAR/...} (C2SP tlog-tiles), {@code
 * /v1/state}, {@code /v1/census?run=ID}, {@code POST /v1/packs} and {@code POST /v1/time:renew}; for operators {@code POST
 * /v1/signers:rollover} and {@code POST /v1/drills}. Loopback only.
 */
public final class EvidenceApi implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EvidenceApi.class);
    private static final Pattern LOG_PATH = Pattern.compile("/log/([0-9]{4})/(.+)");
    private static final int LARGEST_BODY = 64 << 10;

    private final ObjectMapper mapper = new ObjectMapper();
    private final YearLogs logs;
    private final TileFiles tiles;
    private final SealedState state;
    private final SealingLoop sealing;
    private final HeadPublisher heads;
    private final Witnesses witnesses;
    private final @Nullable TimeStamper stamper;
    private final @Nullable EvidenceRecords records;
    private final PackBuilder packs;
    private final SignerRollover rollover;
    private final DrillReports drills;
    private final @Nullable RemoteTier remote;
    private final Bearer bearer;
    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    public EvidenceApi(
            EvidenceConfig config,
            YearLogs logs,
            SealedState state,
            SealingLoop sealing,
            HeadPublisher heads,
            Witnesses witnesses,
            CheckpointCms cms,
            @Nullable TimeStamper stamper,
            @Nullable EvidenceRecords records,
            PackBuilder packs,
            SignerRollover rollover,
            DrillReports drills,
            @Nullable RemoteTier remote)
            throws EvidenceException {
        this.logs = logs;
        this.tiles = new TileFiles(logs, witnesses, cms);
        this.state = state;
        this.sealing = sealing;
        this.heads = heads;
        this.witnesses = witnesses;
        this.stamper = stamper;
        this.records = records;
        this.packs = packs;
        this.rollover = rollover;
        this.drills = drills;
        this.remote = remote;
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
                answer = problem(409, "not-possible", String.valueOf(e.getMessage()));
            } catch (LogException | IOException | RuntimeException e) {
                LOG.error(
                        "event=request-failed path={}", exchange.getRequestURI().getPath(), e);
                answer = problem(500, "failed", "the request failed; the service's log says why");
            }
            answer.send(exchange);
        } catch (IOException e) {
            LOG.debug("event=caller-gone", e);
        }
    }

    private Answer answer(HttpExchange exchange) throws EvidenceException, LogException, IOException {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        if (path.equals("/health")) {
            return health();
        }
        Bearer.Access access = bearer.access(exchange.getRequestHeaders().getFirst("Authorization"));
        if (access == Bearer.Access.UNKNOWN) {
            return problem(401, "unauthenticated", "a bearer token of the configured issuer is needed");
        }
        if (access == Bearer.Access.FORBIDDEN) {
            return problem(403, "forbidden", "the role auditor or operator is needed");
        }
        boolean get = method.equals("GET") || method.equals("HEAD");
        if (path.equals("/v1/state") && get) {
            return json(200, state());
        }
        if (path.equals("/v1/census") && get) {
            return json(200, census(Optional.ofNullable(exchange.getRequestURI().getQuery())));
        }
        if (path.equals("/v1/packs") && method.equals("POST")) {
            return pack(exchange.getRequestBody().readNBytes(LARGEST_BODY));
        }
        if (path.equals("/v1/time:renew") && method.equals("POST")) {
            return renew(exchange.getRequestBody().readNBytes(LARGEST_BODY));
        }
        if ((path.equals("/v1/signers:rollover") || path.equals("/v1/drills")) && method.equals("POST")) {
            if (!bearer.isOperator(exchange.getRequestHeaders().getFirst("Authorization"))) {
                return problem(403, "forbidden", "the role operator is needed");
            }
            return path.equals("/v1/drills") ? drill(exchange.getRequestBody().readNBytes(LARGEST_BODY)) : rollover();
        }
        Matcher log = LOG_PATH.matcher(path);
        if (log.matches() && get) {
            return tiles.answer(Integer.parseInt(log.group(1)), log.group(2), method, exchange.getRequestHeaders())
                    .orElseGet(() -> problem(404, "not-found", "the log has no such file, or not yet"));
        }
        return problem(404, "not-found", "there is nothing at " + path);
    }

    private Answer health() throws EvidenceException {
        String trouble = Stream.of(sealing.trouble(), witnesses.contradiction(), heads.trouble())
                .filter(one -> !one.isEmpty())
                .findFirst()
                .orElse("");
        ObjectNode json = mapper.createObjectNode();
        json.put("status", trouble.isEmpty() ? "UP" : "DOWN");
        if (!trouble.isEmpty()) {
            json.put("reason", trouble);
        }
        if (stamper != null && !stamper.trouble().isEmpty()) {
            json.put("timeStamps", stamper.trouble());
        }
        if (remote != null) {
            json.set("remote", remote.state());
        }
        SealedLog log = logs.current();
        json.put("size", log.size());
        json.put("published", log.lastHead().map(SignedHead::size).orElse(0L));
        immutability(json, log.immutability());
        lag(json);
        return json(trouble.isEmpty() ? 200 : 503, json);
    }

    private ObjectNode state() throws EvidenceException {
        SealedLog log = logs.current();
        ObjectNode json = mapper.createObjectNode();
        Optional<SignedHead> head = log.lastHead();
        json.put("origin", log.origin());
        json.put("year", logs.year());
        json.put("size", head.map(SignedHead::size).orElse(0L));
        head.ifPresent(signed -> json.put("root", signed.checkpoint().root().base64())
                .put("checkpoint", signed.note().format()));
        json.put("sealed", log.size());
        json.put("findings", state.findings());
        json.put("quarantined", state.quarantined());
        json.put("attestations", state.attestations());
        lag(json);
        ArrayNode seenBy = json.putArray("witnesses");
        witnesses
                .states(json.path("year").asInt(), json.path("size").asLong())
                .forEach(witness -> seenBy.addObject()
                        .put("name", witness.name())
                        .put("size", witness.size())
                        .put("lag", witness.lag())
                        .put("trouble", witness.trouble()));
        if (stamper != null) {
            json.set("timeStamps", timeStamps(stamper.state()));
        }
        if (remote != null) {
            json.set("remote", remote.state());
        }
        List<SealedState.Attested> own =
                state.sources().stream().filter(SealedState.Attested::own).toList();
        ArrayNode sources = json.putArray("sources");
        own.forEach(source -> sources.addObject()
                .put("source", source.source())
                .put("epoch", source.epoch())
                .put("sealed", source.sealed())
                .put("attested", source.attested()));
        completeness(json.putObject("auditCompleteness"), own);
        return json;
    }

    /** Of our own parts' records; those of the last moments wait for their source's next head, what waits for longer is a finding. */
    private static void completeness(ObjectNode json, List<SealedState.Attested> own) {
        long sealed = own.stream().mapToLong(SealedState.Attested::sealed).sum();
        long attested = own.stream().mapToLong(SealedState.Attested::attested).sum();
        json.put("records", Math.max(sealed, attested)).put("attested", attested);
        json.put("share", attested == 0 && sealed == 0 ? 1 : (double) attested / Math.max(sealed, attested));
    }

    private ObjectNode timeStamps(TimeStamper.State stamps) {
        ObjectNode json = mapper.createObjectNode().put("queued", stamps.queued());
        stamps.oldest().ifPresent(oldest -> json.put("noneSince", oldest.toString()));
        stamps.last()
                .ifPresent(last -> json.putObject("last")
                        .put("year", last.year())
                        .put("size", last.size())
                        .put("time", last.time().toString()));
        if (records != null && !records.trouble().isEmpty()) {
            json.put("recordsTrouble", records.trouble());
        }
        return stamps.trouble().isEmpty() ? json : json.put("trouble", stamps.trouble());
    }

    /** Of this year's log: how many of its sealed segments the system keeps from being changed. */
    private static void immutability(ObjectNode json, Immutability state) {
        ObjectNode segments = json.putObject("segments");
        segments.put("whole", state.whole()).put("immutable", state.immutable()).put("asked", state.asked());
        state.trouble().ifPresent(trouble -> segments.put("trouble", trouble));
    }

    private void lag(ObjectNode json) {
        Map<String, Long> lag = sealing.lag();
        json.put("lag", lag.values().stream().mapToLong(Long::longValue).sum());
        ObjectNode topics = json.putObject("lagByTopic");
        lag.forEach(topics::put);
    }

    private ObjectNode census(Optional<String> query) throws EvidenceException {
        String run = query.filter(text -> text.startsWith("run="))
                .map(text -> text.substring("run=".length()))
                .orElseThrow(() -> new EvidenceException("a run is needed: /v1/census?run=ID"));
        return mapper.createObjectNode()
                .put("run", run)
                .put("sealed", state.operations(run))
                .put("findings", state.findings())
                .put("quarantined", state.quarantined());
    }

    private Answer pack(byte[] body) throws EvidenceException, IOException {
        JsonNode scope = body.length == 0 ? mapper.createObjectNode() : mapper.readTree(body);
        JsonNode inner = scope.has("scope") ? scope.path("scope") : scope;
        PackBuilder.Built built = packs.build(PackRequest.of(inner, logs.year()));
        return json(
                201,
                mapper.createObjectNode()
                        .put("pack", built.pack().toString())
                        .put("trust", built.trust().toString())
                        .put("size", built.size())
                        .put("entries", built.verdict().summary().entries())
                        .put("verified", true));
    }

    /** {@code {"year": 2026, "hash": "SHA-512"}}, both optional: renews the evidence records of a year. */
    private Answer renew(byte[] body) throws EvidenceException, IOException {
        if (records == null) {
            throw new EvidenceException("no time-stamp authority is configured: set tsa");
        }
        JsonNode wanted = body.length == 0 ? mapper.createObjectNode() : mapper.readTree(body);
        int year = wanted.path("year").asInt(logs.year());
        Optional<RenewalHash> hash = wanted.has("hash")
                ? Optional.of(RenewalHash.of(wanted.path("hash").asText()))
                : Optional.empty();
        ObjectNode json = mapper.createObjectNode().put("year", year);
        ArrayNode all = json.putArray("records");
        for (EvidenceRecords.Kept kept : records.renew(year, hash)) {
            all.addObject()
                    .put("size", kept.size())
                    .put("since", kept.time().since().toString())
                    .put("renewed", kept.time().renewed().toString())
                    .put("tokens", kept.time().tokens())
                    .put("authority", kept.time().authority())
                    .put("until", kept.time().until().toString());
        }
        return json(200, json);
    }

    private Answer rollover() throws EvidenceException {
        SignerRollover.Done done = rollover.run();
        ObjectNode json = mapper.createObjectNode()
                .put("generation", done.generation())
                .put("checkpoint", done.head().note().format());
        ArrayNode keys = json.putArray("keys");
        done.keys().forEach(key -> keys.add(key.vkey()));
        return json(200, json);
    }

    /** {@code {"drill": "log-crash", "report": "sha256:...", "passed": true}}: seals that it was held. */
    private Answer drill(byte[] body) throws EvidenceException, IOException {
        JsonNode held = mapper.readTree(body);
        DrillReports.Sealed sealed = drills.seal(
                held.path("drill").asText(),
                held.path("report").asText(),
                held.path("passed").asBoolean());
        return json(
                201, mapper.createObjectNode().put("origin", sealed.origin()).put("index", sealed.index()));
    }

    private Answer json(int status, ObjectNode json) {
        return new Answer(status, "application/json", json.toString().getBytes(StandardCharsets.UTF_8));
    }

    private Answer problem(int status, String type, String detail) {
        ObjectNode json = mapper.createObjectNode()
                .put("type", "urn:keyproof:problem:" + type)
                .put("title", type.replace('-', ' '))
                .put("status", status)
                .put("detail", detail);
        return new Answer(status, "application/problem+json", json.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
