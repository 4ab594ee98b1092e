package dev.keyproof.evidence.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.Severity;
import dev.keyproof.evidence.config.SearchConfig;
import dev.keyproof.evidence.seal.LogFinding;
import dev.keyproof.evidence.seal.OwnFindings;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.log.LogException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds entries by the index and takes nothing from it but where to look: each hit is read from the log, proven under a signed head, and
 * must be what the index says and what is looked for. What the log contradicts is dropped, counted and a finding. Thread-safe.
 */
public final class Finder implements AutoCloseable {
    private final SealedIndex index;
    private final Proofs proofs;
    private final YearLogs logs;
    private final OwnFindings findings;
    private final InstantSource clock;
    private final ObjectMapper mapper = new ObjectMapper();

    public Finder(SearchConfig config, YearLogs logs, Proofs proofs, OwnFindings findings, InstantSource clock) {
        this.index = new SealedIndex(new SearchServer(config), logs);
        this.proofs = proofs;
        this.logs = logs;
        this.findings = findings;
        this.clock = clock;
    }

    public void start() {
        index.start();
    }

    /**
     * One page.
     *
     * @param end before which entry the pages of this search end
     * @param indexed how far the index is, by year
     * @param whole whether the index holds as many documents as it should
     * @param contradicted how many hits were not what the log holds
     * @param next where to go on; empty after the last page
     */
    public record Page(
            List<Proofs.Proven> records,
            Place end,
            Map<Integer, Long> indexed,
            boolean whole,
            int contradicted,
            Optional<Query.Cursor> next) {}

    /** @throws IOException if the index cannot be asked now */
    public Page find(Query query) throws IOException, LogException {
        Place end = query.after().map(Query.Cursor::end).orElseGet(proofs::end);
        SealedIndex.Found found = index.find(query, end);
        if (!found.whole()) {
            tell("index-not-whole", "", "it holds more or fewer documents than were written to it");
        }
        List<Proofs.Proven> records = new ArrayList<>();
        int contradicted = 0;
        Optional<Place> last = Optional.empty();
        for (JsonNode hit : found.hits()) {
            last = Optional.of(
                    new Place(hit.at("/sort/0").asInt(), hit.at("/sort/1").asLong()));
            Optional<Proofs.Proven> proven = proven(hit, query);
            if (proven.isPresent()) {
                records.add(proven.get());
            } else {
                contradicted++;
                tell("index-contradicted", hit.toString(), "the document " + shown(hit) + " is not what the log holds");
            }
        }
        if (contradicted > 0) {
            index.rebuild();
        }
        Optional<Query.Cursor> next = found.hits().size() < query.limit()
                ? Optional.empty()
                : last.map(place -> new Query.Cursor(place, end));
        return new Page(records, end, found.indexed(), found.whole(), contradicted, next);
    }

    /** An entry, if the index tells the truth of it and it is what is looked for. */
    private Optional<Proofs.Proven> proven(JsonNode hit, Query query) throws LogException, IOException {
        JsonNode document = hit.path("_source");
        Optional<Place> place = Place.parse(hit.path("_id").asText());
        Optional<Proofs.Proven> proven = place.isEmpty() ? Optional.empty() : proofs.of(place.get());
        if (proven.isEmpty()) {
            return Optional.empty();
        }
        Fields fields = Fields.of(mapper.readTree(proven.get().entry()));
        boolean same = mapper.readTree(fields.document(place.get()).toString()).equals(document);
        return same && query.isMetBy(place.get(), fields) ? proven : Optional.empty();
    }

    private static String shown(JsonNode hit) {
        String id = hit.path("_id").asText();
        return id.substring(0, Math.min(id.length(), 64));
    }

    private void tell(String kind, String same, String text) {
        String origin = logs.origin(logs.year());
        ObjectNode detail = JsonNodeFactory.instance.objectNode().put("index", SealedIndex.NAME);
        // A defect that stands for hours is told once in each.
        long hour = clock.millis() / 3_600_000;
        LogFinding finding = new LogFinding(
                kind,
                origin + "\n" + same + "\n" + hour,
                Severity.HIGH,
                origin,
                "The index of the log was changed",
                text,
                "search in the log",
                detail);
        findings.add(finding.uid(), finding.event(clock.millis()));
    }

    @Override
    public void close() {
        index.close();
    }
}
