package dev.keyproof.broker.itsm;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.config.BrokerProperties;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Looks changes up where the organisation keeps them. Nothing is remembered: a change that was closed a moment ago is closed.
 * Thread-safe.
 */
public final class ChangeDesk {
    private static final int LARGEST = 64 * 1024;
    private static final int LONGEST_STATUS = 64;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BrokerProperties.@Nullable ChangeSettings settings;
    private final HttpClient http = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    public ChangeDesk(BrokerProperties.@Nullable ChangeSettings settings) {
        this.settings = settings;
    }

    /**
     * What policy reads of a change, and the record carries: its id, the status (absent if there is no such change) and the
     * SHA-256 of the answer.
     *
     * @throws ProblemException {@link Problem#CHANGE_UNAVAILABLE} if the desk does not say, for whatever reason
     */
    public ObjectNode lookUp(String id) throws ProblemException {
        if (settings == null || settings.url() == null) {
            throw new ProblemException(
                    Problem.CHANGE_UNAVAILABLE, "policy asks for a change, and no keyproof.changes.url is configured");
        }
        HttpResponse<byte[]> answer = ask(settings, settings.url(), id);
        ObjectNode change = JsonNodeFactory.instance.objectNode().put("id", id);
        if (answer.statusCode() == 404) {
            return change.put("digest", digest(answer.body()));
        }
        if (answer.statusCode() != 200) {
            throw unavailable("answers " + answer.statusCode(), null);
        }
        JsonNode status;
        try {
            status = JSON.readTree(answer.body()).at(settings.status());
        } catch (JacksonException e) {
            throw unavailable("does not answer in JSON", e);
        } catch (IOException e) {
            throw unavailable("cannot be read", e);
        }
        if (!status.isValueNode() || status.isNull() || status.asText().length() > LONGEST_STATUS) {
            throw unavailable("names no status at " + settings.status(), null);
        }
        return change.put("status", status.asText()).put("digest", digest(answer.body()));
    }

    private HttpResponse<byte[]> ask(BrokerProperties.ChangeSettings where, String url, String id)
            throws ProblemException {
        CompletableFuture<HttpResponse<byte[]>> asked = null;
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            URI.create(url.replace("{id}", URLEncoder.encode(id, StandardCharsets.UTF_8))))
                    .timeout(where.timeout())
                    .header("Accept", "application/json");
            if (where.tokenFile() != null) {
                request.header(
                        "Authorization",
                        "Bearer " + Files.readString(where.tokenFile()).strip());
            }
            asked = http.sendAsync(
                    request.build(),
                    HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), LARGEST));
            // The whole answer is waited for no longer than that, and not only its head.
            return asked.get(where.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            asked.cancel(true);
            throw unavailable("does not answer in " + where.timeout().toMillis() + " ms", e);
        } catch (ExecutionException | IOException | IllegalArgumentException e) {
            throw unavailable("cannot be asked", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("was not waited for", e);
        }
    }

    private static ProblemException unavailable(String what, @Nullable Throwable cause) {
        String detail = "the system that keeps changes " + what;
        return cause == null
                ? new ProblemException(Problem.CHANGE_UNAVAILABLE, detail)
                : new ProblemException(Problem.CHANGE_UNAVAILABLE, detail, cause);
    }

    private static String digest(byte[] body) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
