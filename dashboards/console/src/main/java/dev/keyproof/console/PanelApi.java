package dev.keyproof.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.console.Search.SearchUnavailableException;
import dev.keyproof.panels.Panel;
import dev.keyproof.panels.Panels;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The panels with their data, and the newest documents of an index. Answers are JSON text made by the indices themselves. */
@RestController
@RequestMapping(path = "/api", produces = MediaType.APPLICATION_JSON_VALUE)
class PanelApi {
    private static final long MOST_MINUTES = 60L * 24 * 366;
    private static final Map<String, String> LISTS =
            Map.of("events", "keyproof-events", "findings", "keyproof-findings", "alerts", "keyproof-alerts");

    private final Search search;
    private final Panels panels = new Panels();
    private final Clock clock = Clock.systemUTC();

    PanelApi(Search search) {
        this.search = search;
    }

    @GetMapping("/panels")
    String list() {
        ArrayNode list = search.object().arrayNode();
        for (Panel panel : panels.all()) {
            list.addObject()
                    .put("name", panel.name())
                    .put("title", panel.title())
                    .put("description", panel.description());
        }
        return list.toString();
    }

    /** A panel filled with the last {@code minutes}. */
    @GetMapping("/panels/{name}")
    ResponseEntity<String> panel(@PathVariable String name, @RequestParam(defaultValue = "15") long minutes)
            throws SearchUnavailableException {
        Panel panel = panels.named(name).orElse(null);
        if (panel == null || minutes < 1 || minutes > MOST_MINUTES) {
            return ResponseEntity.notFound().build();
        }
        long now = clock.millis() + 1000;
        JsonNode answer = search.search(panel.index(), panel.search(now - minutes * 60_000, now));
        return ResponseEntity.ok(panel.filled(answer).toString());
    }

    /** The newest documents of {@code events}, {@code findings} or {@code alerts}. */
    @GetMapping("/{list:events|findings|alerts}")
    String newest(@PathVariable String list, @RequestParam(defaultValue = "25") int size)
            throws SearchUnavailableException {
        ObjectNode body = search.object();
        body.put("size", Math.clamp(size, 1, 200));
        body.putArray("sort").addObject().putObject("time").put("order", "desc");
        if (list.equals("events")) {
            body.putObject("query")
                    .putObject("terms")
                    .putArray("unmapped.keyproof.kind")
                    .add("operation")
                    .add("observed");
        }
        ArrayNode documents = body.arrayNode();
        String index = LISTS.getOrDefault(list, "keyproof-events");
        search.search(index, body).path("hits").path("hits").forEach(hit -> documents.add(hit.path("_source")));
        return documents.toString();
    }

    @ExceptionHandler
    ProblemDetail unavailable(SearchUnavailableException e) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, e.getMessage());
        problem.setType(URI.create("urn:keyproof:problem:search-unavailable"));
        problem.setTitle("The indices do not answer");
        return problem;
    }
}
