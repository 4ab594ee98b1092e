package dev.keyproof.evidence.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.evidence.access.Operation;
import dev.keyproof.evidence.head.EvidenceRecords;
import dev.keyproof.evidence.head.RenewalHash;
import dev.keyproof.evidence.seal.DrillReports;
import dev.keyproof.evidence.seal.OwnEntries;
import dev.keyproof.evidence.seal.SignerRollover;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is done to keep evidence good: {@code POST /v1/time:renew}; for operators {@code POST /v1/signers:rollover} and {@code POST /v1/drills}. Thread-safe. */
public final class UpkeepRoutes implements Routes {
    private final ObjectMapper mapper = new ObjectMapper();
    private final YearLogs logs;
    private final @Nullable EvidenceRecords records;
    private final SignerRollover rollover;
    private final DrillReports drills;

    public UpkeepRoutes(
            YearLogs logs, @Nullable EvidenceRecords records, SignerRollover rollover, DrillReports drills) {
        this.logs = logs;
        this.records = records;
        this.rollover = rollover;
        this.drills = drills;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.post("/v1/time:renew", Operation.RENEW_TIME, this::renew),
                Route.post("/v1/signers:rollover", Operation.ROLLOVER_SIGNERS, this::rollover),
                Route.post("/v1/drills", Operation.SEAL_DRILL, this::drill));
    }

    /** {@code {"year": 2026, "hash": "SHA-512"}}, both optional: renews the evidence records of a year. */
    private Answer renew(Call call) throws EvidenceException, IOException {
        if (records == null) {
            throw new EvidenceException("no time-stamp authority is configured: set tsa");
        }
        JsonNode wanted = call.body(mapper);
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
        return Answer.json(200, json);
    }

    /** {@code {"compromised": true}}, optional: somebody else may have the keys in use. */
    private Answer rollover(Call call) throws EvidenceException, IOException {
        JsonNode compromised = call.body(mapper).path("compromised");
        if (!compromised.isMissingNode() && !compromised.isBoolean()) {
            throw new EvidenceException("compromised is neither true nor false");
        }
        SignerRollover.Done done = rollover.run(compromised.asBoolean());
        ObjectNode json = mapper.createObjectNode()
                .put("generation", done.generation())
                .put("checkpoint", done.head().note().format());
        ArrayNode keys = json.putArray("keys");
        done.keys().forEach(key -> keys.add(key.vkey()));
        return Answer.json(200, json);
    }

    /** {@code {"drill": "log-crash", "report": "sha256:...", "passed": true}}: seals that it was held. */
    private Answer drill(Call call) throws EvidenceException, IOException {
        JsonNode held = call.body(mapper);
        OwnEntries.Sealed sealed = drills.seal(
                held.path("drill").asText(),
                held.path("report").asText(),
                held.path("passed").asBoolean());
        return Answer.json(
                201, mapper.createObjectNode().put("origin", sealed.origin()).put("index", sealed.index()));
    }
}
