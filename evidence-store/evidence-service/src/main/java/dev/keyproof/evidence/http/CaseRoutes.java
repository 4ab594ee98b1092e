package dev.keyproof.evidence.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.User;
import dev.keyproof.evidence.access.Caller;
import dev.keyproof.evidence.access.NotRecordedException;
import dev.keyproof.evidence.access.Operation;
import dev.keyproof.evidence.artifact.Artifacts;
import dev.keyproof.evidence.cases.CaseRefusedException;
import dev.keyproof.evidence.cases.Cases;
import dev.keyproof.evidence.search.Place;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.log.LogException;
import dev.keyproof.verify.CaseFile;
import dev.keyproof.verify.CaseStep;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An auditor's cases: {@code POST /v1/cases} opens one, {@code /v1/cases/ID/records}, {@code /notes} and {@code /holds} add to it, {@code
 * /v1/cases/ID:close} ends it, {@code GET} tells of it. Carried away it is as a pack: {@code POST /v1/packs} with its id. Thread-safe.
 */
public final class CaseRoutes implements Routes {
    private static final String CASE = "/v1/cases/([0-9a-f-]{36})";
    private static final int LONGEST_HOLD = 128;

    private final ObjectMapper mapper = new ObjectMapper();
    private final Cases cases;
    private final Artifacts artifacts;

    public CaseRoutes(Cases cases, Artifacts artifacts) {
        this.cases = cases;
        this.artifacts = artifacts;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/v1/cases", Operation.READ_CASES, call -> list()),
                Route.post("/v1/cases", Operation.OPEN_CASE, this::open),
                Route.get(CASE, Operation.READ_CASES, call -> of(call, this::read)),
                Route.post(CASE + "/records", Operation.ATTACH_RECORD, call -> of(call, this::attach)),
                Route.post(CASE + "/notes", Operation.ADD_NOTE, call -> of(call, this::note)),
                Route.post(CASE + "/holds", Operation.HOLD_CASE, call -> of(call, this::hold)),
                Route.post(CASE + ":close", Operation.CLOSE_CASE, call -> of(call, this::close)));
    }

    @FunctionalInterface
    private interface OfCase {
        Answer answer(Call call, String id) throws EvidenceException, LogException, IOException;
    }

    /** What is put on record names the case, whatever comes of it. */
    private Answer of(Call call, OfCase handler)
            throws EvidenceException, LogException, IOException, NotRecordedException {
        String id = call.parts().getFirst();
        ObjectNode scope = mapper.createObjectNode().put("case", id);
        try {
            return handler.answer(call, id).about(scope);
        } catch (CaseRefusedException e) {
            return refused(e).about(scope);
        } catch (EvidenceException e) {
            return Answer.problem(409, "not-possible", String.valueOf(e.getMessage()))
                    .about(scope);
        }
    }

    private static Answer refused(CaseRefusedException e) {
        String message = String.valueOf(e.getMessage());
        return switch (e.why()) {
            case NO_CASE -> Answer.problem(404, "not-found", message);
            case CLOSED -> Answer.problem(409, "case-closed", message);
            case NOT_SEALED -> Answer.problem(409, "not-sealed", message);
            case TWICE -> Answer.problem(409, "in-case-already", message);
            case NO_HOLD -> Answer.problem(409, "hold-not-in-force", message);
        };
    }

    private Answer list() {
        ObjectNode json = mapper.createObjectNode();
        ArrayNode list = json.putArray("cases");
        cases.all().forEach((id, file) -> list.add(summary(id, file)));
        return Answer.json(200, json);
    }

    private Answer open(Call call) throws EvidenceException, IOException {
        body(call, Set.of());
        String id = cases.open(user(call));
        return Answer.json(201, mapper.createObjectNode().put("id", id))
                .with(Map.of("Location", "/v1/cases/" + id))
                .about(mapper.createObjectNode().put("case", id));
    }

    private Answer read(Call call, String id) throws EvidenceException {
        CaseFile file = cases.get(id);
        ObjectNode json = summary(id, file);
        Cases.Held held = cases.held(file);
        ArrayNode holds = json.putArray("holds");
        held.inForce().forEach(hold -> holds.add(hold.json()));
        ArrayNode free = json.putArray("yearsNotHeld");
        held.free().forEach(free::add);
        ArrayNode steps = json.putArray("steps");
        file.steps().forEach(one -> steps.add(step(one)));
        return Answer.json(200, json);
    }

    private Answer attach(Call call, String id) throws EvidenceException, LogException, IOException {
        JsonNode body = body(call, Set.of("year", "index"));
        JsonNode year = body.path("year");
        JsonNode index = body.path("index");
        if (!year.isInt() || !index.isIntegralNumber() || !index.canConvertToLong() || index.longValue() < 0) {
            throw new EvidenceException("a record is attached by its \"year\" and its \"index\" there, both numbers");
        }
        return made(cases.attach(id, new Place(year.intValue(), index.longValue()), user(call)));
    }

    private Answer note(Call call, String id) throws EvidenceException, IOException {
        return made(cases.note(id, text(body(call, Set.of("text")), "text", Integer.MAX_VALUE), user(call)));
    }

    private Answer hold(Call call, String id) throws EvidenceException, LogException, IOException {
        return made(cases.hold(id, text(body(call, Set.of("hold")), "hold", LONGEST_HOLD), user(call)));
    }

    private Answer close(Call call, String id) throws EvidenceException, IOException {
        body(call, Set.of());
        return Answer.json(200, step(cases.close(id, user(call))));
    }

    private Answer made(CaseFile.Sealed done) {
        return Answer.json(201, step(done));
    }

    private ObjectNode summary(String id, CaseFile file) {
        CaseFile.Sealed opened = file.steps().getFirst();
        ObjectNode json = mapper.createObjectNode()
                .put("id", id)
                .put("state", file.isClosed() ? "closed" : "open")
                .put("openedBy", opened.by())
                .put("opened", time(opened));
        if (file.isClosed()) {
            CaseFile.Sealed closed = file.steps().getLast();
            json.put("closedBy", closed.by()).put("closed", time(closed));
        }
        return json.put("records", file.records().size())
                .put(
                        "notes",
                        file.steps().stream()
                                .filter(one -> one.step().act() instanceof CaseStep.Noted)
                                .count());
    }

    /** A step as it stands in the log, and where; of a note whether it can still be opened. */
    private ObjectNode step(CaseFile.Sealed done) {
        ObjectNode json = done.step().json();
        json.put("year", done.year())
                .put("index", done.index())
                .put("leaf", done.leaf().hex())
                .put("by", done.by())
                .put("time", time(done));
        if (done.step().act() instanceof CaseStep.Noted noted) {
            json.put("erased", !artifacts.has(noted.artifact()));
        }
        return json;
    }

    private static String time(CaseFile.Sealed done) {
        return Instant.ofEpochMilli(done.time()).toString();
    }

    /** An object with no other members than these. */
    private JsonNode body(Call call, Set<String> members) throws EvidenceException, IOException {
        JsonNode body = call.body(mapper);
        if (!body.isObject()) {
            throw new EvidenceException("the body is a JSON object");
        }
        for (var member : body.properties()) {
            if (!members.contains(member.getKey())) {
                throw new EvidenceException("there is no " + member.getKey() + " here"
                        + (members.isEmpty() ? "" : ", only " + String.join(" and ", members)));
            }
        }
        return body;
    }

    private static String text(JsonNode body, String name, int longest) throws EvidenceException {
        JsonNode text = body.path(name);
        if (!text.isTextual() || text.asText().isBlank() || text.asText().length() > longest) {
            throw new EvidenceException("\"" + name + "\" is a text"
                    + (longest < Integer.MAX_VALUE ? " of at most " + longest + " characters" : "")
                    + ", and not empty");
        }
        return text.asText();
    }

    private static User user(Call call) {
        Caller caller = call.admission().orElseThrow().caller();
        return User.of(caller.id(), caller.roles());
    }
}
