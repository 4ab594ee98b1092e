package dev.keyproof.panels;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.opensearch.client.opensearch.generic.Bodies;
import org.opensearch.client.opensearch.generic.Body;
import org.opensearch.client.opensearch.generic.OpenSearchGenericClient;
import org.opensearch.client.opensearch.generic.Requests;
import org.opensearch.client.opensearch.generic.Response;

/**
 * Our indices in OpenSearch. Requests are raw because a document's bytes must reach the index as they came: the typed client would
 * parse and write them anew.
 */
final class SearchStore {
    /** A document to index: its id and its bytes, one line of JSON. */
    record Document(SearchIndex index, String id, byte[] source) {}

    /** A document that the index refused for good, and why. */
    record Rejected(Document document, String reason) {}

    private final OpenSearchGenericClient client;
    private final ObjectMapper mapper = new ObjectMapper();

    SearchStore(OpenSearchGenericClient client) {
        this.client = client;
    }

    /** Installs the index templates and makes the indices that are not there yet. */
    void prepare() throws IOException {
        for (SearchIndex index : SearchIndex.values()) {
            send("PUT", "/_index_template/" + index.alias(), Bodies.json(template(index)), 200);
            try (Response exists = client.execute(Requests.builder()
                    .method("HEAD")
                    .endpoint("/_alias/" + index.alias())
                    .build())) {
                if (exists.getStatus() == 200) {
                    continue;
                }
            }
            String aliases = mapper.createObjectNode()
                    .set(
                            "aliases",
                            mapper.createObjectNode()
                                    .set(
                                            index.alias(),
                                            mapper.createObjectNode().put("is_write_index", true)))
                    .toString();
            send("PUT", "/" + index.firstIndex(), Bodies.json(aliases), 200);
        }
    }

    /**
     * Writes the documents; writing one again replaces it by itself.
     *
     * @return those the index refused for good
     * @throws IOException if the store cannot be reached or is too busy: write all of them again later
     */
    List<Rejected> write(List<Document> documents) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream(documents.size() * 2048);
        for (Document document : documents) {
            lines.writeBytes(mapper.createObjectNode()
                    .set(
                            "index",
                            mapper.createObjectNode()
                                    .put("_index", document.index().alias())
                                    .put("_id", document.id()))
                    .toString()
                    .getBytes(StandardCharsets.UTF_8));
            lines.write('\n');
            lines.writeBytes(document.source());
            lines.write('\n');
        }
        JsonNode answer = send("POST", "/_bulk", Body.from(lines.toByteArray(), "application/x-ndjson"), 200);
        List<Rejected> rejected = new ArrayList<>();
        if (answer.path("errors").asBoolean()) {
            int at = 0;
            for (JsonNode item : answer.path("items")) {
                JsonNode result = item.path("index");
                int status = result.path("status").asInt();
                if (status == 429 || status >= 500) {
                    throw new IOException("the index is too busy (" + status + ")");
                }
                if (status >= 400) {
                    rejected.add(new Rejected(
                            documents.get(at), result.path("error").path("type").asText()));
                }
                at++;
            }
        }
        return rejected;
    }

    private JsonNode send(String method, String path, Body body, int expected) throws IOException {
        try (Response response = client.execute(
                Requests.builder().method(method).endpoint(path).body(body).build())) {
            JsonNode answer = response.getBody().isPresent()
                    ? mapper.readTree(response.getBody().get().bodyAsBytes())
                    : mapper.missingNode();
            if (response.getStatus() != expected) {
                throw new IOException(method + " " + path + " answered " + response.getStatus() + ": "
                        + answer.path("error").path("reason").asText());
            }
            return answer;
        }
    }

    private static String template(SearchIndex index) throws IOException {
        try (InputStream in = SearchStore.class.getResourceAsStream("/keyproof/indices/" + index.alias() + ".json")) {
            if (in == null) {
                throw new IOException("index template of " + index.alias() + " is not in this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
