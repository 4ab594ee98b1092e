package dev.keyproof.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.console.Search.SearchUnavailableException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code GET /api/state}: each part's health as it reports it, the log's head as the evidence service states it to this caller, and
 * the counts of the indices. A part that does not answer is DOWN; nothing is remembered from an earlier look.
 */
@RestController
class StateApi {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ConsoleSettings settings;
    private final Search search;
    private final ObjectMapper mapper = new ObjectMapper();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    StateApi(ConsoleSettings settings, Search search) {
        this.settings = settings;
        this.search = search;
    }

    @GetMapping(path = "/api/state", produces = MediaType.APPLICATION_JSON_VALUE)
    String state(@AuthenticationPrincipal Jwt caller) {
        Map<String, CompletableFuture<JsonNode>> answers = new LinkedHashMap<>();
        settings.parts().forEach((name, health) -> answers.put(name, get(health, null)));
        CompletableFuture<JsonNode> log = get(settings.evidence().resolve("/v1/state"), caller.getTokenValue());

        ObjectNode state = mapper.createObjectNode();
        ObjectNode parts = state.putObject("parts");
        answers.forEach((name, answer) -> parts.set(name, answer.join()));
        state.set("log", log.join());
        ObjectNode counts = state.putObject("counts");
        count(counts, "operations", "keyproof-events", kind("operation"));
        count(counts, "observed", "keyproof-events", kind("observed"));
        count(counts, "failing", "keyproof-findings", failing());
        count(counts, "alerts", "keyproof-alerts", mapper.createObjectNode());
        return state.toString();
    }

    private void count(ObjectNode counts, String name, String index, ObjectNode query) {
        try {
            counts.put(name, search.count(index, query));
        } catch (SearchUnavailableException e) {
            counts.putNull(name);
        }
    }

    private ObjectNode kind(String kind) {
        ObjectNode query = mapper.createObjectNode();
        query.putObject("query").putObject("term").put("unmapped.keyproof.kind", kind);
        return query;
    }

    private ObjectNode failing() {
        ObjectNode query = mapper.createObjectNode();
        query.putObject("query").putObject("term").put("compliance.status_id", 3);
        return query;
    }

    private CompletableFuture<JsonNode> get(URI address, @Nullable String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(PATIENCE);
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray())
                .<JsonNode>thenApply(this::answer)
                .exceptionally(failure -> down("does not answer"));
    }

    private JsonNode answer(HttpResponse<byte[]> response) {
        try {
            JsonNode body = mapper.readTree(response.body());
            if (body.isObject() && (response.statusCode() == 200 || body.has("status"))) {
                return body;
            }
        } catch (IOException e) {
            return down("answers " + response.statusCode() + " without JSON");
        }
        return down("answers " + response.statusCode());
    }

    private JsonNode down(String reason) {
        return mapper.createObjectNode().put("status", "DOWN").put("reason", reason);
    }
}
