package dev.keyproof.launcher.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.launcher.home.LauncherException;
import dev.keyproof.launcher.parts.Checkout;
import dev.keyproof.launcher.process.Command;
import dev.keyproof.launcher.process.Spawner;
import dev.keyproof.log.LogException;
import dev.keyproof.log.journal.JournalReader;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Asks each store what it holds, each in its own way. */
public final class Stores {
    private static final int READ_AT_ONCE = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Addresses addresses;
    private final Checkout checkout;
    private final Spawner spawner;
    private final String auditor;
    private final ObjectMapper mapper = new ObjectMapper();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * Where the stores are.
     *
     * @param journal folder of the broker's journal
     * @param census configuration file with which Kafka's topics are counted
     */
    public record Addresses(Path journal, Path census, URI evidence, URI opensearch, URI receiver, Path folder) {}

    /**
     * The stores.
     *
     * @param auditor a token that the evidence service takes
     */
    public Stores(Addresses addresses, Checkout checkout, Spawner spawner, String auditor) {
        this.addresses = addresses;
        this.checkout = checkout;
        this.spawner = spawner;
        this.auditor = auditor;
    }

    /** Reads every record of the journal. */
    public void eachJournalled(Consumer<JsonNode> take) throws LauncherException {
        try (JournalReader journal = JournalReader.open(addresses.journal())) {
            long next = 0;
            while (true) {
                List<byte[]> entries = journal.read(next, READ_AT_ONCE);
                if (entries.isEmpty()) {
                    return;
                }
                for (byte[] entry : entries) {
                    take.accept(mapper.readTree(entry));
                }
                next += entries.size();
            }
        } catch (LogException | IOException e) {
            throw LauncherException.because("the journal " + addresses.journal() + " cannot be read", e);
        }
    }

    /** The run's outcome records in the journal. */
    public long journalled(String run) throws LauncherException {
        long[] count = new long[1];
        eachJournalled(record -> {
            JsonNode keyproof = record.path("unmapped").path("keyproof");
            if (keyproof.path("kind").asText().equals("operation")
                    && keyproof.path("run").asText().equals(run)) {
                count[0]++;
            }
        });
        return count[0];
    }

    /** What Kafka's topics hold, counted by a process of the collector's module. */
    public JsonNode topics(String run) throws LauncherException {
        String printed = spawner.run(
                new Command(
                        List.of(
                                checkout.java().toString(),
                                "-Xmx128m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener",
                                "-cp",
                                checkout.classPath("collectors/collector"),
                                "dev.keyproof.collector.TopicCensus",
                                addresses.census().toString(),
                                run),
                        Map.of(),
                        addresses.folder()),
                "",
                Duration.ofSeconds(60));
        String last = printed.lines().filter(line -> line.startsWith("{")).reduce("", (a, b) -> b);
        try {
            return mapper.readTree(last);
        } catch (IOException e) {
            throw LauncherException.because("the census of Kafka's topics is not JSON", e);
        }
    }

    /** What the sealed log holds. */
    public JsonNode sealed(String run) throws LauncherException {
        return get(
                addresses.evidence().resolve("/v1/census?run=" + URLEncoder.encode(run, StandardCharsets.UTF_8)),
                auditor);
    }

    /** The log's state: size, root, what is attested. */
    public JsonNode log() throws LauncherException {
        return get(addresses.evidence().resolve("/v1/state"), auditor);
    }

    /** What the receiver of webhooks took. */
    public JsonNode received() throws LauncherException {
        return get(addresses.receiver().resolve("/received"), "");
    }

    /** How many documents of an index match; {@code query} is a JSON object. */
    public long indexed(String index, String query) throws LauncherException {
        send(request("/" + index + "/_refresh?ignore_unavailable=true").POST(HttpRequest.BodyPublishers.noBody()));
        return send(request("/" + index + "/_count?ignore_unavailable=true")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"query\":" + query + "}")))
                .path("count")
                .asLong();
    }

    /** The latest document of an index that matches, or a missing node. */
    public JsonNode latest(String index, String query) throws LauncherException {
        return send(request("/" + index + "/_search?ignore_unavailable=true")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"size\":1,\"sort\":[{\"time\":{\"order\":\"desc\",\"unmapped_type\":\"date\"}}],\"query\":"
                                        + query + "}")))
                .path("hits")
                .path("hits")
                .path(0)
                .path("_source");
    }

    /** The query for a run's outcome records. */
    public static String ofRun(String run) {
        return "{\"bool\":{\"filter\":[{\"term\":{\"unmapped.keyproof.run\":\"" + run
                + "\"}},{\"term\":{\"unmapped.keyproof.kind\":\"operation\"}}]}}";
    }

    /** Asks the evidence service for a pack of all that is in this year's log. */
    public JsonNode pack() throws LauncherException {
        return send(HttpRequest.newBuilder(addresses.evidence().resolve("/v1/packs"))
                .timeout(Duration.ofMinutes(2))
                .header("Authorization", "Bearer " + auditor)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
    }

    /** Has the evidence records of a year renewed; {@code body} is the request's, in JSON. */
    public JsonNode renewTime(String body) throws LauncherException {
        return send(HttpRequest.newBuilder(addresses.evidence().resolve("/v1/time:renew"))
                .timeout(Duration.ofMinutes(2))
                .header("Authorization", "Bearer " + auditor)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** Has the digest of a drill's report sealed; {@code operator} is a token of one, {@code body} the request's, in JSON. */
    public JsonNode sealDrill(String operator, String body) throws LauncherException {
        return send(HttpRequest.newBuilder(addresses.evidence().resolve("/v1/drills"))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + operator)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(addresses.opensearch().resolve(path)).timeout(PATIENCE);
    }

    private JsonNode get(URI uri, String token) throws LauncherException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(PATIENCE);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return send(request);
    }

    private JsonNode send(HttpRequest.Builder builder) throws LauncherException {
        HttpRequest request = builder.build();
        try {
            HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() / 100 != 2) {
                throw new LauncherException(request.uri() + " answered " + answer.statusCode() + ": "
                        + new String(answer.body(), StandardCharsets.UTF_8));
            }
            return mapper.readTree(answer.body());
        } catch (IOException e) {
            throw LauncherException.because("no answer from " + request.uri(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted", e);
        }
    }
}
