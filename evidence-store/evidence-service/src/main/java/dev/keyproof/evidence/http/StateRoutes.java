package dev.keyproof.evidence.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.evidence.access.Operation;
import dev.keyproof.evidence.head.EvidenceRecords;
import dev.keyproof.evidence.head.HeadPublisher;
import dev.keyproof.evidence.head.TimeStamper;
import dev.keyproof.evidence.remote.RemoteTier;
import dev.keyproof.evidence.seal.RefusedPolicies;
import dev.keyproof.evidence.seal.SealedState;
import dev.keyproof.evidence.seal.SealingLoop;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.evidence.witness.Witnesses;
import dev.keyproof.log.Immutability;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How the service is: {@code /health} for everyone, {@code /v1/state}, {@code /v1/census?run=ID}. Thread-safe. */
public final class StateRoutes implements Routes {
    /** Of a run's name, in the record that somebody asked for it. */
    private static final int LONGEST_RUN = 128;

    private final ObjectMapper mapper = new ObjectMapper();
    private final YearLogs logs;
    private final SealedState state;
    private final SealingLoop sealing;
    private final HeadPublisher heads;
    private final Witnesses witnesses;
    private final @Nullable TimeStamper stamper;
    private final @Nullable EvidenceRecords records;
    private final @Nullable RemoteTier remote;
    private final RefusedPolicies refused;

    public StateRoutes(
            YearLogs logs,
            SealedState state,
            SealingLoop sealing,
            HeadPublisher heads,
            Witnesses witnesses,
            @Nullable TimeStamper stamper,
            @Nullable EvidenceRecords records,
            @Nullable RemoteTier remote,
            RefusedPolicies refused) {
        this.logs = logs;
        this.state = state;
        this.sealing = sealing;
        this.heads = heads;
        this.witnesses = witnesses;
        this.stamper = stamper;
        this.records = records;
        this.remote = remote;
        this.refused = refused;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.open("/health", call -> health()),
                Route.get("/v1/state", Operation.READ_STATE, call -> state()),
                Route.get("/v1/census", Operation.READ_STATE, this::census));
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
        return Answer.json(trouble.isEmpty() ? 200 : 503, json);
    }

    private Answer state() throws EvidenceException {
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
        json.put("policiesRefused", refused.standing());
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
        return Answer.json(200, json);
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

    private Answer census(Call call) throws EvidenceException {
        String run = call.query("run").orElseThrow(() -> new EvidenceException("a run is needed: /v1/census?run=ID"));
        return Answer.json(
                        200,
                        mapper.createObjectNode()
                                .put("run", run)
                                .put("sealed", state.operations(run))
                                .put("findings", state.findings())
                                .put("quarantined", state.quarantined()))
                .about(mapper.createObjectNode().put("run", run.substring(0, Math.min(run.length(), LONGEST_RUN))));
    }
}
