package dev.keyproof.evidence.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.evidence.http.Route.Access;
import dev.keyproof.evidence.pack.PackBuilder;
import dev.keyproof.evidence.pack.PackRequest;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import java.io.IOException;
import java.util.List;

/** {@code POST /v1/packs}: evidence to carry away. Thread-safe. */
public final class PackRoutes implements Routes {
    private final ObjectMapper mapper = new ObjectMapper();
    private final PackBuilder packs;
    private final YearLogs logs;

    public PackRoutes(PackBuilder packs, YearLogs logs) {
        this.packs = packs;
        this.logs = logs;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.post("/v1/packs", Access.READERS, this::build));
    }

    private Answer build(Call call) throws EvidenceException, IOException {
        JsonNode scope = call.body(mapper);
        JsonNode inner = scope.has("scope") ? scope.path("scope") : scope;
        PackBuilder.Built built = packs.build(PackRequest.of(inner, logs.year()));
        return Answer.json(
                201,
                mapper.createObjectNode()
                        .put("pack", built.pack().toString())
                        .put("trust", built.trust().toString())
                        .put("size", built.size())
                        .put("entries", built.verdict().summary().entries())
                        .put("verified", true));
    }
}
