package dev.keyproof.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** What a cluster says of the job. */
final class FlinkRest {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final int OK = 200;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final ObjectMapper json = JsonMapper.builder().build();
    private final URI job;

    FlinkRest(RunningJob running) {
        String base = running.rest().toString().replaceAll("/$", "");
        this.job = URI.create(base + "/jobs/" + running.id());
    }

    /**
     * The job as the cluster sees it.
     *
     * @param state Flink's word for the job's state
     * @param tasksRunning whether every task runs
     * @param completed checkpoints completed since the job was submitted
     * @param lastId number of the newest completed checkpoint, -1 if there is none
     * @param lastAt when it was completed, milliseconds since the epoch; 0 if there is none
     * @param restarts how often the job was restored from a checkpoint since it was submitted
     * @param recordsOut records that reached the sinks since the last restart
     * @param failure what the job last failed of, in one line; empty if it did not
     */
    record Status(
            String state,
            boolean tasksRunning,
            long completed,
            long lastId,
            long lastAt,
            long restarts,
            long recordsOut,
            String failure) {}

    Status status() throws IOException, InterruptedException {
        JsonNode details = get(job);
        JsonNode checkpoints = get(URI.create(job + "/checkpoints"));
        boolean running = true;
        long out = 0;
        for (JsonNode vertex : details.path("vertices")) {
            running &= vertex.path("status").asText().equals("RUNNING");
            if (vertex.path("name").asText().contains("results: Writer")) {
                out += vertex.path("metrics").path("read-records").asLong();
            }
        }
        JsonNode latest = checkpoints.path("latest").path("completed");
        return new Status(
                details.path("state").asText("UNKNOWN"),
                running,
                checkpoints.path("counts").path("completed").asLong(),
                latest.path("id").asLong(-1),
                latest.path("latest_ack_timestamp").asLong(0),
                checkpoints.path("counts").path("restored").asLong(),
                out,
                cause(get(URI.create(job + "/exceptions?maxExceptions=1"))));
    }

    /** The innermost cause of the newest failure. */
    private static String cause(JsonNode exceptions) {
        String stack = exceptions.at("/exceptionHistory/entries/0/stacktrace").asText("");
        int innermost = stack.lastIndexOf("Caused by: ");
        String from = innermost < 0 ? stack : stack.substring(innermost + "Caused by: ".length());
        return from.lines().findFirst().orElse("");
    }

    private JsonNode get(URI uri) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = http.send(
                HttpRequest.newBuilder(uri).timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != OK) {
            throw new IOException(uri + " answered " + answer.statusCode());
        }
        return json.readTree(answer.body());
    }
}
