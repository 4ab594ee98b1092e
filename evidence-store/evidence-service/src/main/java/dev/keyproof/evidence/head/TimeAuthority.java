package dev.keyproof.evidence.head;

import dev.keyproof.evidence.store.EvidenceException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

/** The RFC 3161 authority in force, asked over HTTP. Thread-safe. */
public final class TimeAuthority implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** A token with a long chain is well below. */
    private static final int LARGEST_ANSWER = 64 << 10;

    private static final String QUERY = "application/timestamp-query";

    private final URI url;
    private final List<X509Certificate> chain;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    /** {@code chain} is the authority's: its certificate first, its self-signed root last. */
    public TimeAuthority(URI url, List<X509Certificate> chain) {
        this.url = url;
        this.chain = List.copyOf(chain);
    }

    List<X509Certificate> chain() {
        return chain;
    }

    URI url() {
        return url;
    }

    /** The answer to a request, both in DER; whether it is any good is for the caller to check. */
    byte[] ask(byte[] request) throws EvidenceException {
        try {
            HttpResponse<byte[]> answer = http.send(
                    HttpRequest.newBuilder(url)
                            .timeout(PATIENCE)
                            .header("Content-Type", QUERY)
                            .POST(HttpRequest.BodyPublishers.ofByteArray(request))
                            .build(),
                    HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), LARGEST_ANSWER));
            if (answer.statusCode() != 200) {
                throw new EvidenceException("the time-stamp authority answered with " + answer.statusCode());
            }
            return answer.body();
        } catch (IOException e) {
            throw new EvidenceException("the time-stamp authority " + url + " does not answer: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EvidenceException("stopped while a time stamp was asked for", e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
