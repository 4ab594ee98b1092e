package dev.keyproof.evidence.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.evidence.config.SearchConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;

/** OpenSearch over its REST interface: the few requests that an index of our own needs. Thread-safe. */
final class SearchServer {
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final SearchConfig config;
    private final ObjectMapper mapper = new ObjectMapper();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();

    SearchServer(SearchConfig config) {
        this.config = config;
    }

    /** @throws IOException if there is no answer, or it has a status that is not expected */
    JsonNode send(String method, String path, String type, String body, Set<Integer> expected) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(config.url() + path))
                .timeout(PATIENCE)
                .header("Content-Type", type)
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (config.username().isPresent() && config.passwordFile().isPresent()) {
            String secret = config.username().get() + ":"
                    + Files.readString(config.passwordFile().get()).strip();
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)));
        }
        try {
            HttpResponse<byte[]> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            if (!expected.contains(answer.statusCode())) {
                throw new IOException(method + " " + path.replaceAll("\\?.*", "") + " answered " + answer.statusCode());
            }
            return mapper.readTree(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped while OpenSearch was asked", e);
        }
    }

    JsonNode json(String method, String path, String body) throws IOException {
        return send(method, path, "application/json", body, Set.of(200, 201));
    }
}
