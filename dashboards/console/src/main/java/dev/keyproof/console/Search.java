package dev.keyproof.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.panels.SearchTransport;
import java.io.IOException;
import org.opensearch.client.opensearch.generic.Bodies;
import org.opensearch.client.opensearch.generic.OpenSearchGenericClient;
import org.opensearch.client.opensearch.generic.Requests;
import org.opensearch.client.opensearch.generic.Response;
import org.opensearch.client.transport.OpenSearchTransport;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** Searches on our indices. */
@Component
class Search implements DisposableBean {
    private final OpenSearchTransport transport;
    private final OpenSearchGenericClient client;
    private final ObjectMapper mapper = new ObjectMapper();

    Search(ConsoleSettings settings) throws IOException {
        ConsoleSettings.OpenSearch address = settings.opensearch();
        this.transport = SearchTransport.open(address.url(), address.username(), address.passwordFile());
        this.client = SearchTransport.generic(transport);
    }

    /** The answer of a search; {@link SearchUnavailableException} if there is none. */
    JsonNode search(String index, ObjectNode body) throws SearchUnavailableException {
        return send("/" + index + "/_search", body);
    }

    /** How many documents an index holds that match. */
    long count(String index, ObjectNode body) throws SearchUnavailableException {
        return send("/" + index + "/_count", body).path("count").asLong();
    }

    /** An empty JSON object. */
    ObjectNode object() {
        return mapper.createObjectNode();
    }

    private JsonNode send(String path, ObjectNode body) throws SearchUnavailableException {
        try (Response response = client.execute(Requests.builder()
                .method("POST")
                .endpoint(path)
                .body(Bodies.json(body.toString()))
                .build())) {
            if (response.getStatus() != 200 || response.getBody().isEmpty()) {
                throw new SearchUnavailableException("OpenSearch answered " + response.getStatus());
            }
            return mapper.readTree(response.getBody().get().bodyAsBytes());
        } catch (IOException e) {
            throw new SearchUnavailableException("OpenSearch cannot be reached");
        }
    }

    @Override
    public void destroy() throws IOException {
        transport.close();
    }

    /** The indices do not answer; the record itself is not touched by that. */
    static final class SearchUnavailableException extends Exception {
        private static final long serialVersionUID = 1;

        SearchUnavailableException(String message) {
            super(message);
        }
    }
}
