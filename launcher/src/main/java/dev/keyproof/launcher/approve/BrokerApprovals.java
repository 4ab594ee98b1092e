package dev.keyproof.launcher.approve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.launcher.home.LauncherException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A broker's approvals, by its public API. */
final class BrokerApprovals {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final URI broker;
    private final Path tokenFile;

    BrokerApprovals(URI broker, Path tokenFile) {
        this.broker = broker;
        this.tokenFile = tokenFile;
    }

    JsonNode get(String path) throws LauncherException {
        return send(path, null);
    }

    JsonNode post(String path, JsonNode body) throws LauncherException {
        return send(path, body.toString());
    }

    private JsonNode send(String path, @Nullable String body) throws LauncherException {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(broker.resolve(path))
                    .timeout(PATIENCE)
                    .header(
                            "Authorization",
                            "Bearer " + Files.readString(tokenFile).strip());
            if (body != null) {
                request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
            }
            HttpResponse<byte[]> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            JsonNode json = JSON.readTree(answer.body());
            if (answer.statusCode() >= 300) {
                throw new LauncherException(
                        "the broker refuses: " + json.path("title").asText("HTTP " + answer.statusCode())
                                + (json.path("detail").asText().isEmpty()
                                        ? ""
                                        : ": " + json.path("detail").asText()));
            }
            return json;
        } catch (IOException e) {
            throw LauncherException.because("the broker at " + broker + " cannot be asked", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted", e);
        }
    }
}
