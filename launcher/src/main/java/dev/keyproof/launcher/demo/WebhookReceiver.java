package dev.keyproof.launcher.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Receives webhooks as the Standard Webhooks specification describes them: {@code v1,} HMAC-SHA-256 in Base64 over id, time and body.
 * It remembers each id in a file, since a sender repeats what it is not sure of.
 */
final class WebhookReceiver {
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    private final byte[] secret;
    private final Path memory;
    private final InstantSource clock;
    private final Set<String> seen = new LinkedHashSet<>();
    private long deliveries;
    private long refused;
    private @Nullable String latest;

    WebhookReceiver(String secret, Path memory, InstantSource clock) throws IOException {
        this.secret = Base64.getDecoder().decode(secret.startsWith("whsec_") ? secret.substring(6) : secret);
        this.memory = memory;
        this.clock = clock;
        if (Files.exists(memory)) {
            seen.addAll(Files.readAllLines(memory));
        }
    }

    /** What it knows. */
    record Count(
            int distinct,
            long deliveries,
            long refused,
            @Nullable String latest) {}

    synchronized Count count() {
        return new Count(seen.size(), deliveries, refused, latest);
    }

    /** Takes a webhook; false when it is not authentic. Returns only after its id is on disk. */
    synchronized boolean take(@Nullable String id, @Nullable String timestamp, @Nullable String signatures, byte[] body)
            throws IOException {
        if (id == null || timestamp == null || signatures == null || !authentic(id, timestamp, signatures, body)) {
            refused++;
            return false;
        }
        deliveries++;
        latest = new String(body, StandardCharsets.UTF_8);
        if (!seen.contains(id)) {
            Files.writeString(
                    memory, id + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.DSYNC);
            seen.add(id);
        }
        return true;
    }

    private boolean authentic(String id, String timestamp, String signatures, byte[] body) {
        try {
            Instant sent = Instant.ofEpochSecond(Long.parseLong(timestamp));
            if (Duration.between(sent, clock.instant()).abs().compareTo(TOLERANCE) > 0 || id.contains("\n")) {
                return false;
            }
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            byte[] expected =
                    ("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body))).getBytes(StandardCharsets.UTF_8);
            boolean matched = false;
            for (String signature : signatures.split(" ", -1)) {
                matched |= MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.UTF_8));
            }
            return matched;
        } catch (NumberFormatException | GeneralSecurityException e) {
            return false;
        }
    }
}
