package dev.keyproof.collector;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The collector's configuration file, YAML. Unknown keys are refused.
 *
 * @param instance name of this collector, {@code collector-1} by default; two that share it fence each other out, two with
 *     the same sources must share it
 * @param kafka settings of the Kafka clients, passed through; {@code bootstrap.servers} is required
 * @param http where health is told
 * @param journals folders of brokers' journals
 * @param cloudtrail folders of CloudTrail files
 */
record CollectorConfig(
        String instance,
        Map<String, String> kafka,
        Http http,
        List<JournalFolder> journals,
        List<TrailFolder> cloudtrail) {

    /** @param port on the loopback interface; 0 takes a free one */
    record Http(int port) {}

    /** @param directory the journal's own folder */
    record JournalFolder(@Nullable String directory) {}

    /**
     * @param directory searched with everything below it
     * @param source what the events name as their source
     * @param scanMillis how often it is searched, 1,000 by default
     */
    record TrailFolder(
            @Nullable String directory,
            @Nullable String source,
            @Nullable Integer scanMillis) {
        static final int SCAN_MILLIS = 1_000;

        int scan() {
            return scanMillis == null ? SCAN_MILLIS : scanMillis;
        }
    }

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    CollectorConfig(
            @Nullable String instance,
            @Nullable Map<String, String> kafka,
            @Nullable Http http,
            @Nullable List<JournalFolder> journals,
            @Nullable List<TrailFolder> cloudtrail) {
        this.instance = instance == null ? "collector-1" : instance;
        this.kafka = kafka == null ? Map.of() : Map.copyOf(kafka);
        this.http = http == null ? new Http(0) : http;
        this.journals = journals == null ? List.of() : List.copyOf(journals);
        this.cloudtrail = cloudtrail == null ? List.of() : List.copyOf(cloudtrail);
    }

    /**
     * Reads and checks a file.
     *
     * @throws ConfigException naming the first fault
     */
    static CollectorConfig read(Path file) throws ConfigException {
        if (!Files.isReadable(file)) {
            throw new ConfigException("the file cannot be read");
        }
        try {
            CollectorConfig config = YAMLMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build()
                    .readValue(file.toFile(), CollectorConfig.class);
            if ((Object) config == null) {
                throw new ConfigException("the file is empty");
            }
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

    private void check() throws ConfigException {
        require(kafka.containsKey("bootstrap.servers"), "kafka: bootstrap.servers is missing");
        require(NAME.matcher(instance).matches(), "instance: letters, digits, dots and dashes, at most 64");
        require(http.port() >= 0 && http.port() <= 65_535, "http.port: between 0 and 65535");
        Set<String> names = new HashSet<>();
        for (JournalFolder journal : journals) {
            require(journal.directory() != null, "journals: directory is missing");
            require(names.add(String.valueOf(Path.of(journal.directory()).getFileName())), "journals: two of one name");
        }
        for (TrailFolder trail : cloudtrail) {
            require(trail.directory() != null, "cloudtrail: directory is missing");
            require(
                    trail.source() != null && NAME.matcher(trail.source()).matches(),
                    "cloudtrail: source is missing, or is not of letters, digits, dots and dashes");
            require(names.add(trail.source()), "cloudtrail: two sources are called " + trail.source());
            require(trail.scan() >= 10, "cloudtrail: scanMillis is at least 10");
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
