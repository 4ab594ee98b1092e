package dev.keyproof.evidence.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.evidence.access.Operation;
import dev.keyproof.evidence.cases.Cases;
import dev.keyproof.evidence.search.Finder;
import dev.keyproof.evidence.search.Place;
import dev.keyproof.evidence.search.Proofs;
import dev.keyproof.evidence.search.Query;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.log.LogException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code GET /v1/records?key=&actor=&operation=&control=&case=&since=&until=&limit=&after=} finds entries, {@code GET /v1/records/YEAR/INDEX} is
 * one; each with its proof, as in a pack's {@code records.ndjson}. Thread-safe.
 */
public final class RecordRoutes implements Routes {
    private static final int DEFAULT_LIMIT = 50;
    private static final int LONGEST = 256;

    private final ObjectMapper mapper = new ObjectMapper();
    private final Proofs proofs;
    private final Optional<Finder> finder;
    private final Cases cases;

    /** {@code finder}: none where no OpenSearch is configured. */
    public RecordRoutes(Proofs proofs, Optional<Finder> finder, Cases cases) {
        this.proofs = proofs;
        this.finder = finder;
        this.cases = cases;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/v1/records", Operation.FIND_RECORDS, this::find),
                Route.get("/v1/records/([0-9]{4})/([0-9]{1,15})", Operation.READ_RECORD, this::one));
    }

    private Answer find(Call call) throws EvidenceException, LogException {
        Query query = query(call);
        if (finder.isEmpty()) {
            return Answer.problem(503, "search-unavailable", "no OpenSearch is configured: set search.url")
                    .about(query.json());
        }
        Finder.Page page;
        try {
            page = finder.get().find(query);
        } catch (IOException e) {
            return Answer.problem(
                            503,
                            "search-unavailable",
                            "the index cannot be asked now: " + e.getMessage()
                                    + "; a pack of one key, and the log's own files, need none")
                    .about(query.json());
        }
        ObjectNode json = mapper.createObjectNode();
        ArrayNode records = json.putArray("records");
        ObjectNode heads = json.putObject("heads");
        for (Proofs.Proven proven : page.records()) {
            records.add(json(proven));
            heads.put(
                    proven.place().year() + "/" + proven.head().size(),
                    proven.head().note().format());
        }
        page.next().ifPresent(next -> json.put("next", next.toString()));
        json.put("end", page.end().toString());
        ObjectNode indexed = json.putObject("indexed");
        page.indexed().forEach((year, size) -> indexed.put(String.valueOf(year), size));
        json.put("whole", page.whole()).put("contradicted", page.contradicted());
        return Answer.json(200, json)
                .about(query.json().put("results", page.records().size()).put("contradicted", page.contradicted()));
    }

    private Answer one(Call call) throws LogException {
        Place place = new Place(
                Integer.parseInt(call.parts().getFirst()),
                Long.parseLong(call.parts().getLast()));
        ObjectNode read = mapper.createObjectNode().put("year", place.year()).put("index", place.index());
        Optional<Proofs.Proven> proven = proofs.of(place);
        if (proven.isEmpty()) {
            return Answer.problem(404, "not-found", "no signed head covers such an entry, or not yet")
                    .about(read);
        }
        ObjectNode json = json(proven.get());
        json.put("checkpoint", proven.get().head().note().format());
        return Answer.json(200, json).about(read);
    }

    /** {@code record} is the line of {@code records.ndjson}, {@code size} that of the head under which its proof holds. */
    private ObjectNode json(Proofs.Proven proven) {
        ObjectNode json = mapper.createObjectNode()
                .put("year", proven.place().year())
                .put("index", proven.place().index())
                .put("size", proven.head().size());
        try {
            json.set("record", mapper.readTree(proven.line()));
            json.set("entry", mapper.readTree(proven.entry()));
        } catch (IOException e) {
            throw new IllegalStateException("what is sealed is JSON", e);
        }
        return json;
    }

    private Query query(Call call) throws EvidenceException {
        return new Query(
                text(call, "key"),
                text(call, "actor"),
                text(call, "operation"),
                text(call, "control"),
                ofCase(call),
                time(call, "since"),
                time(call, "until"),
                limit(call),
                after(call));
    }

    private Optional<Query.CaseEntries> ofCase(Call call) throws EvidenceException {
        Optional<String> id = text(call, "case");
        if (id.isEmpty()) {
            return Optional.empty();
        }
        Set<Place> places = new HashSet<>();
        cases.get(id.get()).places().forEach(place -> places.add(new Place(place.year(), place.index())));
        return Optional.of(new Query.CaseEntries(id.get(), places));
    }

    private static Optional<String> text(Call call, String name) throws EvidenceException {
        Optional<String> value = call.query(name).filter(text -> !text.isEmpty());
        if (value.isPresent() && value.get().length() > LONGEST) {
            throw new EvidenceException(name + " has at most " + LONGEST + " characters");
        }
        return value;
    }

    private static Optional<Instant> time(Call call, String name) throws EvidenceException {
        Optional<String> value = text(call, name);
        try {
            return value.map(Instant::parse);
        } catch (DateTimeException e) {
            throw new EvidenceException(name + " is no time such as 2026-11-26T09:00:00Z", e);
        }
    }

    private static int limit(Call call) throws EvidenceException {
        Optional<String> value = text(call, "limit");
        if (value.isPresent() && !value.get().matches("[1-9][0-9]?|" + Query.MOST)) {
            throw new EvidenceException("limit is from 1 to " + Query.MOST);
        }
        return value.map(Integer::parseInt).orElse(DEFAULT_LIMIT);
    }

    private static Optional<Query.Cursor> after(Call call) throws EvidenceException {
        Optional<String> value = text(call, "after");
        Optional<Query.Cursor> cursor = value.flatMap(Query.Cursor::parse);
        if (value.isPresent() && cursor.isEmpty()) {
            throw new EvidenceException("after is what an answer said as next");
        }
        return cursor;
    }
}
