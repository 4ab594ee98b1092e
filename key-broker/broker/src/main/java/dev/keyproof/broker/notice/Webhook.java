package dev.keyproof.broker.notice;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.approval.Approval;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Tells a receiver as Standard Webhooks 1.0 says: signed by HMAC-SHA-256 over id, time and body. */
public final class Webhook implements Channel {
    private static final String HMAC = "HmacSHA256";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final URI url;
    private final SecretKeySpec secret;
    private final @Nullable String page;
    private final Clock clock;
    private final HttpClient http = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(PATIENCE)
            .build();

    /** @param page on which people approve */
    public Webhook(URI url, byte[] secret, @Nullable String page, Clock clock) {
        this.url = url;
        this.secret = new SecretKeySpec(secret, HMAC);
        this.page = page;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public void tell(Notice notice, Approval approval, List<String> recipients) throws IOException {
        byte[] body = body(notice, approval, recipients).toString().getBytes(StandardCharsets.UTF_8);
        long now = clock.instant().getEpochSecond();
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header("User-Agent", "Keyproof")
                .header("webhook-id", notice.id())
                .header("webhook-timestamp", Long.toString(now))
                .header("webhook-signature", signature(notice.id(), now, body))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        try {
            int status =
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status / 100 != 2) {
                throw new IOException("the receiver answers " + status);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped", e);
        }
    }

    private ObjectNode body(Notice notice, Approval approval, List<String> recipients) {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("type", "approval." + notice.what().name().toLowerCase(Locale.ROOT))
                .put("timestamp", notice.created().toString());
        ObjectNode data = body.putObject("data")
                .put("approval", approval.id())
                .put("level", notice.level())
                .put("operation", approval.operation())
                .put("key", approval.key())
                .put("change", approval.change())
                .put("requester", approval.requester())
                .put("quorum", approval.quorum())
                .put("approved", approval.standing().size())
                .put("requested", approval.created().toString())
                .put("expires", approval.expires().toString());
        if (page != null) {
            data.put("page", page + "?id=" + approval.id());
        }
        recipients.forEach(data.putArray("recipients")::add);
        return body;
    }

    private String signature(String id, long now, byte[] body) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(secret);
            mac.update((id + "." + now + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }
}
