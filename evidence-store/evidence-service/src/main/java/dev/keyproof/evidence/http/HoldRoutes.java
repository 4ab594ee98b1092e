package dev.keyproof.evidence.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.evidence.access.Operation;
import dev.keyproof.evidence.hold.Holds;

import dev.keyproof.evidence.store.EvidenceException;
import java.util.List;

/** {@code GET /v1/holds}: the legal holds in force, and records about holds that no sound approval bears out. Thread-safe. */
public final class HoldRoutes implements Routes {
    private final ObjectMapper mapper = new ObjectMapper();
    private final Holds holds;

    public HoldRoutes(Holds holds) {
        this.holds = holds;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/v1/holds", Operation.READ_STATE, call -> holds()));
    }

    private Answer holds() throws EvidenceException {
        ObjectNode json = mapper.createObjectNode();
        ArrayNode inForce = json.putArray("holds");
        holds.inForce().forEach(hold -> inForce.add(hold.json()));
        ArrayNode flaws = json.putArray("flaws");
        holds.flaws().forEach(flaw -> flaws.addObject()
                .put("log", flaw.log())
                .put("index", flaw.index())
                .put("operation", flaw.operation())
                .put("hold", flaw.hold())
                .put("reason", flaw.reason()));
        return Answer.json(200, json);
    }
}
