package dev.keyproof.launcher.parts;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks a part over HTTP how it is. */
final class Http {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final HttpClient client;

    Http() {
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build();
    }

    /** Well when it answers 200. */
    Health health(URI uri) {
        try {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
            String body = answer.body().strip();
            return answer.statusCode() == 200
                    ? Health.up(body)
                    : Health.down("HTTP " + answer.statusCode() + " " + body);
        } catch (IOException e) {
            return Health.down("no answer at " + uri);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Health.down("interrupted");
        }
    }
}
