package dev.keyproof.panels;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The indexer's configuration.
 *
 * @param kafka Kafka client properties, passed through
 * @param opensearch where the indices are
 * @param http the port of {@code /health}, on the loopback address
 */
record IndexerConfig(Map<String, String> kafka, OpenSearchAddress opensearch, Http http) {

    /** The health port; 0 picks a free one. */
    record Http(int port) {}

    /** An OpenSearch address; with {@code username}, the password is read from {@code passwordFile}. */
    record OpenSearchAddress(
            URI url, @Nullable String username, @Nullable Path passwordFile) {}

    static IndexerConfig read(Path file) throws InvalidConfigException {
        YAMLMapper mapper = YAMLMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .build();
        try {
            IndexerConfig config = mapper.readValue(Files.readString(file), IndexerConfig.class);
            config.requireComplete(file);
            return config;
        } catch (UnrecognizedPropertyException e) {
            throw new InvalidConfigException(file + ": unknown key '" + e.getPropertyName() + "'; remove it");
        } catch (JsonProcessingException e) {
            throw new InvalidConfigException(file + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new InvalidConfigException(file + " cannot be read: " + e.getMessage());
        }
    }

    // Jackson leaves what the file does not name null, whatever the types say.
    private void requireComplete(Path file) throws InvalidConfigException {
        if ((Object) kafka == null || !kafka.containsKey("bootstrap.servers")) {
            throw new InvalidConfigException(file + ": kafka.bootstrap.servers is missing");
        }
        if ((Object) opensearch == null || (Object) opensearch.url() == null) {
            throw new InvalidConfigException(file + ": opensearch.url is missing");
        }
        if ((Object) http == null) {
            throw new InvalidConfigException(file + ": http.port is missing");
        }
    }

    /** A configuration that cannot be used; the message is one line that says what to change. */
    static final class InvalidConfigException extends Exception {
        private static final long serialVersionUID = 1;

        InvalidConfigException(String message) {
            super(message);
        }
    }
}
