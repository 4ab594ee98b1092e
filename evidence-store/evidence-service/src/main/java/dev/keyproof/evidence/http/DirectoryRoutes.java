package dev.keyproof.evidence.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.evidence.access.Operation;
import dev.keyproof.evidence.artifact.Artifacts;
import dev.keyproof.evidence.directory.Erasure;
import dev.keyproof.evidence.directory.People;
import dev.keyproof.evidence.hold.Holds;
import dev.keyproof.evidence.seal.LogEvents;
import dev.keyproof.evidence.seal.OwnEntries;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is not in the log but behind it: {@code GET}, {@code PUT} and {@code DELETE /v1/people/ID} of the directory of names, {@code GET}
 * and {@code DELETE /v1/artifacts/sha256:HEX} of what was quarantined. A {@code DELETE} says why, and is for good. Thread-safe.
 */
public final class DirectoryRoutes implements Routes {
    private static final String PERSON = "/v1/people/([^/]{1,128})";
    private static final String ARTIFACT = "/v1/artifacts/(sha256:[0-9a-f]{64})";

    /** Of what is known of a person. */
    private static final int LARGEST_PERSON = 8192;

    private final ObjectMapper mapper = new ObjectMapper();
    private final People people;
    private final Artifacts artifacts;
    private final Erasure erasure;
    private final OwnEntries entries;
    private final Holds holds;
    private final LogEvents events;
    private final YearLogs logs;

    public DirectoryRoutes(
            People people,
            Artifacts artifacts,
            Erasure erasure,
            OwnEntries entries,
            Holds holds,
            LogEvents events,
            YearLogs logs) {
        this.people = people;
        this.artifacts = artifacts;
        this.erasure = erasure;
        this.entries = entries;
        this.holds = holds;
        this.events = events;
        this.logs = logs;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(PERSON, Operation.READ_PERSON, this::person),
                Route.put(PERSON, Operation.PUT_PERSON, this::put),
                Route.delete(PERSON, Operation.ERASE_PERSON, call -> erase(call, Erasure.Kind.PERSON)),
                Route.get(ARTIFACT, Operation.OPEN_ARTIFACT, this::artifact),
                Route.delete(ARTIFACT, Operation.ERASE_ARTIFACT, call -> erase(call, Erasure.Kind.ARTIFACT)));
    }

    private Answer person(Call call) throws EvidenceException, IOException {
        String id = call.parts().getFirst();
        Optional<byte[]> person = people.get(id);
        if (person.isEmpty()) {
            return Answer.problem(404, "not-found", "nothing is known of " + id + ", or not any more")
                    .about(scope(id));
        }
        ObjectNode json = mapper.createObjectNode().put("id", id);
        json.set("person", mapper.readTree(person.get()));
        return Answer.json(200, json).about(scope(id));
    }

    private Answer put(Call call) throws EvidenceException, IOException {
        JsonNode person = call.body(mapper);
        byte[] bytes = person.toString().getBytes(StandardCharsets.UTF_8);
        if (!person.isObject() || person.isEmpty() || bytes.length > LARGEST_PERSON) {
            throw new EvidenceException("a person is a JSON object of at most " + LARGEST_PERSON + " bytes");
        }
        String id = call.parts().getFirst();
        if (people.has(id) && !holds.inForce().isEmpty()) {
            throw new EvidenceException("nothing that is known is replaced while legal holds are in force");
        }
        entries.seal(events.person(
                logs.origin(logs.year()),
                id,
                call.admission().orElseThrow().caller().id()));
        people.put(id, bytes);
        return Answer.json(200, mapper.createObjectNode().put("id", id)).about(scope(id));
    }

    private Answer artifact(Call call) throws EvidenceException {
        String name = call.parts().getFirst();
        if (!artifacts.has(name)) {
            return Answer.problem(404, "not-found", name + " is not here, or was erased")
                    .about(scope(name));
        }
        return new Answer(200, "application/octet-stream", artifacts.open(name), Map.of()).about(scope(name));
    }

    private Answer erase(Call call, Erasure.Kind kind) throws EvidenceException, IOException {
        String name = call.parts().getFirst();
        String reason = call.body(mapper).path("reason").asText();
        OwnEntries.Sealed sealed = erasure.erase(
                kind, name, reason, call.admission().orElseThrow().caller().id(), entries, holds);
        return Answer.json(
                        200,
                        mapper.createObjectNode()
                                .put("erased", name)
                                .put("origin", sealed.origin())
                                .put("index", sealed.index()))
                .about(scope(name));
    }

    private ObjectNode scope(String name) {
        return mapper.createObjectNode().put("name", name);
    }
}
