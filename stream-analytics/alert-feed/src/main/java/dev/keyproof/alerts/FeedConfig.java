package dev.keyproof.alerts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The alert feed's configuration file, YAML. Unknown keys are refused.
 *
 * @param kafka settings of the Kafka clients, passed through; {@code bootstrap.servers} is required
 * @param group what the consumer groups' names begin with, {@code alert-feed} by default
 * @param http where the pull API and health are served
 * @param keep alerts that the pull API remembers, 10,000 by default
 * @param webhooks where alerts are sent
 */
record FeedConfig(Map<String, String> kafka, String group, Http http, int keep, List<Webhook> webhooks) {
    private static final int KEEP = 10_000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /**
     * @param port on the loopback interface; 0 takes a free one
     * @param tokenFile holds the bearer token that the pull API asks for; without it there is no pull API
     */
    record Http(@Nullable Integer port, @Nullable String tokenFile) {
        int portOrFree() {
            return port == null ? 0 : port;
        }
    }

    /**
     * One receiver.
     *
     * @param name unique; it is part of the consumer group's name, so changing it starts that receiver from the first alert
     * @param url https, or http on the loopback interface
     * @param secretFile holds the secret in base64, usually after {@code whsec_}
     * @param attempts before an alert is parked, 6 by default
     * @param timeoutMillis of one attempt, 10,000 by default
     * @param firstRetryMillis wait after the first failure, 500 by default; it doubles up to 30 s
     * @param retryParkedMillis how often a parked alert is tried again, 60,000 by default
     */
    record Webhook(
            @Nullable String name,
            @Nullable String url,
            @Nullable String secretFile,
            @Nullable Integer attempts,
            @Nullable Integer timeoutMillis,
            @Nullable Integer firstRetryMillis,
            @Nullable Integer retryParkedMillis) {

        int attemptsOrDefault() {
            return attempts == null ? 6 : attempts;
        }

        Duration timeout() {
            return Duration.ofMillis(timeoutMillis == null ? 10_000 : timeoutMillis);
        }

        Duration firstRetry() {
            return Duration.ofMillis(firstRetryMillis == null ? 500 : firstRetryMillis);
        }

        Duration retryParked() {
            return Duration.ofMillis(retryParkedMillis == null ? 60_000 : retryParkedMillis);
        }
    }

    FeedConfig(
            @Nullable Map<String, String> kafka,
            @Nullable String group,
            @Nullable Http http,
            @Nullable Integer keep,
            @Nullable List<Webhook> webhooks) {
        this(
                kafka == null ? Map.of() : Map.copyOf(kafka),
                group == null ? "alert-feed" : group,
                http == null ? new Http(null, null) : http,
                keep == null ? KEEP : keep.intValue(),
                webhooks == null ? List.of() : List.copyOf(webhooks));
    }

    /**
     * Reads and checks a file.
     *
     * @throws ConfigException naming the first fault
     */
    static FeedConfig read(Path file) throws ConfigException {
        if (!Files.isReadable(file)) {
            throw new ConfigException("the file cannot be read");
        }
        try {
            Raw raw = YAMLMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build()
                    .readValue(file.toFile(), Raw.class);
            if ((Object) raw == null) {
                throw new ConfigException("the file is empty");
            }
            FeedConfig config = new FeedConfig(raw.kafka(), raw.group(), raw.http(), raw.keep(), raw.webhooks());
            config.check();
            return config;
        } catch (UnrecognizedPropertyException e) {
            throw new ConfigException("unknown key " + path(e));
        } catch (JsonMappingException e) {
            throw new ConfigException(path(e) + " has a value of the wrong kind");
        } catch (JsonProcessingException e) {
            throw new ConfigException("not YAML at line "
                    + (e.getLocation() == null ? "?" : e.getLocation().getLineNr()));
        } catch (IOException e) {
            throw new ConfigException("the file cannot be read");
        }
    }

    /** The file as it is written: everything may be absent. */
    private record Raw(
            @Nullable Map<String, String> kafka,
            @Nullable String group,
            @Nullable Http http,
            @Nullable Integer keep,
            @Nullable List<Webhook> webhooks) {}

    private void check() throws ConfigException {
        require(kafka.containsKey("bootstrap.servers"), "kafka: bootstrap.servers is missing");
        require(NAME.matcher(group).matches(), "group: letters, digits, dots and dashes, at most 64");
        require(http.portOrFree() >= 0 && http.portOrFree() <= 65_535, "http.port: between 0 and 65535");
        require(keep >= 1 && keep <= 1_000_000, "keep: between 1 and 1000000");
        Set<String> names = new HashSet<>();
        for (Webhook webhook : webhooks) {
            String name = webhook.name();
            require(name != null && NAME.matcher(name).matches(), "webhooks: name is missing, or has other characters");
            require(names.add(String.valueOf(name)), "webhooks: two are called " + name);
            require(isSafe(webhook.url()), "webhooks." + name + ".url: https, or http on the loopback interface");
            require(webhook.secretFile() != null, "webhooks." + name + ".secretFile is missing");
            require(webhook.attemptsOrDefault() >= 1, "webhooks." + name + ".attempts: at least 1");
            require(webhook.timeout().toMillis() >= 1, "webhooks." + name + ".timeoutMillis: at least 1");
            require(webhook.firstRetry().toMillis() >= 1, "webhooks." + name + ".firstRetryMillis: at least 1");
            require(webhook.retryParked().toMillis() >= 1, "webhooks." + name + ".retryParkedMillis: at least 1");
        }
    }

    private static boolean isSafe(@Nullable String url) {
        if (url == null) {
            return false;
        }
        try {
            URI uri = URI.create(url);
            String scheme = uri.getScheme();
            String host = uri.getHost();
            return host != null
                    && scheme != null
                    && (scheme.equals("https") || (scheme.equals("http") && LOOPBACK.contains(host)));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void require(boolean good, String otherwise) throws ConfigException {
        if (!good) {
            throw new ConfigException(otherwise);
        }
    }

    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : e.getPath()) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
            }
        }
        return path.isEmpty() ? "the file" : path.toString();
    }
}
