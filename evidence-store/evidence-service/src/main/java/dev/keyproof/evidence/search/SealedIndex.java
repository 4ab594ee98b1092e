package dev.keyproof.evidence.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.log.LogException;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.log.sealed.SealedLog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The index {@value #NAME}: one document for each entry under a signed head, written from the log alone. One that holds more or fewer than
 * were written, or what the log contradicts, is thrown away and made again. Thread-safe.
 */
public final class SealedIndex implements AutoCloseable {
    static final String NAME = "keyproof-sealed";
    private static final Logger LOG = LoggerFactory.getLogger(SealedIndex.class);
    private static final int AT_ONCE = 256;
    private static final long EACH_MS = 500;

    private final SearchServer server;
    private final YearLogs logs;
    private final ObjectMapper mapper = new ObjectMapper();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("sealed-index").factory());
    /** How far each year is indexed; written and read with the lock held, as the index is. */
    private final SortedMap<Integer, Long> next = new TreeMap<>();

    private boolean known;
    private String trouble = "";

    SealedIndex(SearchServer server, YearLogs logs) {
        this.server = server;
        this.logs = logs;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // It catches what it throws; there is nothing to wait for.
    void start() {
        thread.scheduleWithFixedDelay(this::follow, EACH_MS, EACH_MS, TimeUnit.MILLISECONDS);
    }

    private void follow() {
        try {
            forget();
            for (Map.Entry<Integer, SealedLog> year : logs.all().entrySet()) {
                long end = year.getValue().lastHead().map(SignedHead::size).orElse(0L);
                while (write(year.getKey(), year.getValue(), end)) {
                    if (Thread.currentThread().isInterrupted()) {
                        return;
                    }
                }
            }
            trouble("");
        } catch (IOException | LogException | RuntimeException e) {
            trouble(String.valueOf(e));
        }
    }

    /** Of a year that was dropped nothing is found any more. */
    private synchronized void forget() throws IOException {
        for (int year : List.copyOf(next.keySet())) {
            if (!logs.all().containsKey(year)) {
                ObjectNode of = JsonNodeFactory.instance.objectNode();
                of.putObject("query").putObject("term").put("year", year);
                server.json("POST", "/" + NAME + "/_delete_by_query?refresh=true&conflicts=proceed", of.toString());
                next.remove(year);
            }
        }
    }

    private synchronized void trouble(String now) {
        if (!now.isEmpty() && trouble.isEmpty()) {
            LOG.warn("event=index-trouble reason=\"{}\"", now);
        }
        trouble = now;
    }

    /** Some entries; whether there are more. */
    private synchronized boolean write(int year, SealedLog log, long end) throws IOException, LogException {
        prepare();
        long from = next.getOrDefault(year, 0L);
        if (from >= end) {
            return false;
        }
        List<byte[]> entries = log.read(from, (int) Math.min(AT_ONCE, end - from));
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < entries.size(); i++) {
            Place place = new Place(year, from + i);
            ObjectNode action = JsonNodeFactory.instance.objectNode();
            action.putObject("index").put("_index", NAME).put("_id", place.toString());
            lines.append(action)
                    .append('\n')
                    .append(Fields.of(mapper.readTree(entries.get(i))).document(place))
                    .append('\n');
        }
        // Until it is known what came of it, the index is asked again how far it is.
        known = false;
        JsonNode answer = server.send("POST", "/_bulk", "application/x-ndjson", lines.toString(), Set.of(200));
        if (answer.path("errors").asBoolean()) {
            throw new IOException("the index took not all of it");
        }
        known = true;
        next.put(year, from + entries.size());
        return !entries.isEmpty() && from + entries.size() < end;
    }

    /** Goes on with an index that holds what it should; begins anew with another. */
    private void prepare() throws IOException {
        if (known) {
            return;
        }
        server.json("PUT", "/_index_template/" + NAME, template());
        server.send("PUT", "/" + NAME, "application/json", "{}", Set.of(200, 400));
        refresh();
        next.clear();
        for (int year : logs.all().keySet()) {
            ObjectNode last = JsonNodeFactory.instance.objectNode().put("size", 1);
            last.putObject("query").putObject("term").put("year", year);
            last.putArray("sort").addObject().put("index", "desc");
            JsonNode found = server.json("POST", "/" + NAME + "/_search", last.toString());
            JsonNode highest = found.at("/hits/hits/0/sort/0");
            if (!highest.isMissingNode()) {
                next.put(year, highest.asLong() + 1);
            }
        }
        if (isWhole()) {
            known = true;
        } else {
            rebuild();
        }
    }

    private void refresh() throws IOException {
        server.json("POST", "/" + NAME + "/_refresh", "");
    }

    private boolean isWhole() throws IOException {
        long written = next.values().stream().mapToLong(Long::longValue).sum();
        long end = logs.all().values().stream()
                .mapToLong(log -> log.lastHead().map(SignedHead::size).orElse(0L))
                .sum();
        return written <= end
                && server.json("POST", "/" + NAME + "/_count", "{}")
                                .path("count")
                                .asLong()
                        == written;
    }

    /** Throws the index away; it fills again from the log. */
    synchronized void rebuild() throws IOException {
        LOG.warn("event=index-rebuilt");
        known = false;
        next.clear();
        server.send("DELETE", "/" + NAME, "application/json", "", Set.of(200, 404));
        server.json("PUT", "/_index_template/" + NAME, template());
        server.send("PUT", "/" + NAME, "application/json", "{}", Set.of(200, 400));
        known = true;
    }

    /**
     * What the index says.
     *
     * @param indexed how far it is, by year
     * @param whole whether it holds as many documents as were written; if not, it is made again from here on
     */
    record Found(JsonNode hits, Map<Integer, Long> indexed, boolean whole) {}

    synchronized Found find(Query query, Place end) throws IOException {
        prepare();
        refreshOrMiss();
        boolean whole = known && isWhole();
        JsonNode hits = server.send(
                        "POST",
                        "/" + NAME + "/_search?ignore_unavailable=true",
                        "application/json",
                        query.body(end).toString(),
                        Set.of(200))
                .at("/hits/hits");
        Found found = new Found(hits, Map.copyOf(next), whole);
        if (!whole) {
            rebuild();
        }
        return found;
    }

    /** One that is gone is not refreshed, and not whole. */
    private void refreshOrMiss() throws IOException {
        server.send("POST", "/" + NAME + "/_refresh", "application/json", "", Set.of(200, 404));
        known = known
                && server.send("GET", "/" + NAME + "/_count", "application/json", "", Set.of(200, 404))
                        .has("count");
    }

    private static String template() throws IOException {
        try (InputStream in = SealedIndex.class.getResourceAsStream("/keyproof/" + NAME + ".json")) {
            if (in == null) {
                throw new IOException("the template of " + NAME + " is not in this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
