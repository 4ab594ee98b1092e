package dev.keyproof.alerts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The secret shared with one receiver; signs as Standard Webhooks 1.0 says. It has no text form. */
final class WebhookSecret {
    private static final String PREFIX = "whsec_";
    private static final String HMAC = "HmacSHA256";

    /** Standard Webhooks: 24 to 64 bytes. */
    private static final int MIN_BYTES = 24;

    private static final int MAX_BYTES = 64;

    private final SecretKeySpec key;

    private WebhookSecret(byte[] secret) {
        this.key = new SecretKeySpec(secret, HMAC);
    }

    /**
     * Reads base64 from a file, with or without {@code whsec_} before it; blanks around it are ignored.
     *
     * @throws ConfigException if there is no such secret in it
     */
    static WebhookSecret read(Path file) throws ConfigException {
        try {
            String text = Files.readString(file).strip();
            byte[] secret =
                    Base64.getDecoder().decode(text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text);
            if (secret.length < MIN_BYTES || secret.length > MAX_BYTES) {
                throw new ConfigException("the secret in " + file + " has not 24 to 64 bytes");
            }
            return new WebhookSecret(secret);
        } catch (IOException e) {
            throw new ConfigException("the secret in " + file + " cannot be read");
        } catch (IllegalArgumentException e) {
            throw new ConfigException("the secret in " + file + " is not base64");
        }
    }

    /** The header's value, {@code v1,} and base64, over {@code id.timestamp.body}. */
    String sign(String id, long timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }
}
