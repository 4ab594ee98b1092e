package dev.keyproof.evidence.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.keyproof.evidence.access.Admission;
import dev.keyproof.evidence.store.EvidenceException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A call as its handler sees it.
 *
 * @param admission who calls, and what policy said; nobody where everybody may call
 * @param parts the groups of the route's path
 */
record Call(HttpExchange exchange, Optional<Admission> admission, List<String> parts) {
    private static final int LARGEST_BODY = 64 << 10;

    String method() {
        return exchange.getRequestMethod();
    }

    Headers headers() {
        return exchange.getRequestHeaders();
    }

    /** The first value of a parameter of the query. */
    Optional<String> query(String name) {
        return Optional.ofNullable(exchange.getRequestURI().getRawQuery()).stream()
                .flatMap(query -> Stream.of(query.split("&", -1)))
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8))
                .findFirst();
    }

    /** The body; an empty object if there is none. */
    JsonNode body(ObjectMapper mapper) throws EvidenceException, IOException {
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY);
        try {
            return body.length == 0 ? mapper.createObjectNode() : mapper.readTree(body);
        } catch (JsonProcessingException e) {
            throw new EvidenceException("the body is no JSON: " + e.getOriginalMessage(), e);
        }
    }
}
