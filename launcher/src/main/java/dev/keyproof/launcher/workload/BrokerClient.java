package dev.keyproof.launcher.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Calls the broker under a run's name, and counts what it was answered. For any number of threads. */
public final class BrokerClient {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final URI broker;
    private final String run;
    private final HttpClient http;
    private final ObjectMapper mapper = new ObjectMapper();
    private final AtomicLong operations = new AtomicLong();
    private final AtomicLong unanswered = new AtomicLong();
    private final Set<String> records = Collections.newSetFromMap(new ConcurrentHashMap<>());

    public BrokerClient(URI broker, String run) {
        this.broker = broker;
        this.run = run;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    /**
     * What the broker answered.
     *
     * @param status HTTP status
     * @param record place of the outcome's record in the journal, where the answer named one
     */
    public record Answer(
            int status, JsonNode body, @Nullable String record) {
        /** A text field of the body. */
        public String text(String field) {
            return body.path(field).asText();
        }
    }

    /**
     * Performs a key operation as a known caller; the answer is counted, whether it is yes or no.
     *
     * @throws WorkloadException if there is no answer, or one without a record
     */
    public Answer operate(String token, String method, String path, @Nullable Map<String, ?> body)
            throws WorkloadException {
        Answer answer = call(token, method, path, body);
        if (answer.record() == null) {
            throw new WorkloadException(
                    method + " " + path + " was answered " + answer.status() + " without a record: " + answer.body());
        }
        if (!records.add(answer.record())) {
            throw new WorkloadException("two answers name the same record " + answer.record());
        }
        operations.incrementAndGet();
        return answer;
    }

    /**
     * A call that is no key operation, or that no caller is known for.
     *
     * @throws WorkloadException if there is no answer
     */
    public Answer call(@Nullable String token, String method, String path, @Nullable Map<String, ?> body)
            throws WorkloadException {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(broker.resolve(path))
                    .timeout(PATIENCE)
                    .header("Keyproof-Run", run)
                    .header("Content-Type", "application/json")
                    .method(
                            method,
                            body == null
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofByteArray(mapper.writeValueAsBytes(body)));
            if (token != null) {
                request.header("Authorization", "Bearer " + token);
            }
            HttpResponse<byte[]> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(
                    answer.statusCode(),
                    tree(answer.body()),
                    answer.headers().firstValue("Keyproof-Record").orElse(null));
        } catch (IOException e) {
            unanswered.incrementAndGet();
            throw new WorkloadException(method + " " + path + " was not answered: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WorkloadException("interrupted", e);
        }
    }

    private JsonNode tree(byte[] body) throws WorkloadException {
        try {
            return mapper.readTree(body);
        } catch (JsonProcessingException e) {
            throw new WorkloadException("the broker's answer is not JSON", e);
        } catch (IOException e) {
            throw new WorkloadException("the broker's answer cannot be read", e);
        }
    }

    /** Key operations that were answered. */
    public long operations() {
        return operations.get();
    }

    /** Calls whose answer never came. */
    public long unanswered() {
        return unanswered.get();
    }

    /** The records that the answers named: {@code source/epoch/sequence}. */
    public Set<String> records() {
        return Set.copyOf(records);
    }
}
