package dev.keyproof.launcher.home;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * {@code config.yaml}: what an operator may choose. Made at the first start, read at each.
 *
 * @param name the log's name; it stands in every checkpoint's origin, so it cannot change later
 * @param ports loopback ports
 * @param log how the sealed log is kept; a file of an earlier version has no such key
 * @param heaps largest heaps in MiB
 */
public record Config(String name, Ports ports, LogSettings log, Heaps heaps) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");
    private static final String HEADER = """
            # Keyproof on one machine. Change it while everything is down (./keyproof down).
            # name stands in every checkpoint's origin: choose it before the first start. heaps are in MiB.
            # log.immutable: true has the system refuse every change of a sealed segment (chattr +i), where that is permitted.
            """;

    /**
     * How the sealed log is kept.
     *
     * @param immutable true to have the system refuse every change of a sealed segment; {@code down --purge} undoes it
     */
    public record LogSettings(boolean immutable) {}

    /** The configuration of a new installation. */
    public static Config fresh(int portBase) {
        return new Config("one-machine", Ports.from(portBase), new LogSettings(false), Heaps.small());
    }

    /**
     * Reads the file, or makes it when there is none.
     *
     * @param portBase where ports begin when the file is made
     * @throws LauncherException if the file cannot be read, has an unknown or missing key, or a value out of range
     */
    public static Config readOrMake(Path file, int portBase) throws LauncherException {
        try {
            if (Files.notExists(file)) {
                Config fresh = fresh(portBase).checked(file);
                Secrets.writePrivate(file, HEADER + mapper().writeValueAsString(fresh));
                return fresh;
            }
            return parse(file, Files.readString(file));
        } catch (IOException e) {
            throw LauncherException.because("cannot read or write " + file, e);
        }
    }

    static Config parse(Path file, String text) throws LauncherException {
        try {
            boolean older = mapper().readTree(text) instanceof ObjectNode yaml && !yaml.has("log");
            Config config = mapper().readValue(older ? text + "\nlog: {immutable: false}\n" : text, Config.class);
            if ((Object) config == null) {
                throw new LauncherException(file + " is empty; delete it and a new one is made");
            }
            return config.checked(file);
        } catch (UnrecognizedPropertyException e) {
            throw new LauncherException(file + ": unknown key '" + e.getPropertyName() + "' at line "
                    + (e.getLocation() == null ? 0 : e.getLocation().getLineNr()) + "; remove it");
        } catch (JsonProcessingException e) {
            throw new LauncherException(file + ": " + e.getOriginalMessage());
        }
    }

    private Config checked(Path file) throws LauncherException {
        if (!NAME.matcher(name).matches()) {
            throw new LauncherException(file + ": name must be of a-z, 0-9 and '-', at most 40 of them");
        }
        Map<Integer, String> seen = new HashMap<>();
        for (Map.Entry<String, Integer> port : ports.byName().entrySet()) {
            int number = port.getValue();
            if (number < 1024 || number > 65_535) {
                throw new LauncherException(
                        file + ": ports." + port.getKey() + " is " + number + "; give one between 1024 and 65535");
            }
            String other = seen.put(number, port.getKey());
            if (other != null) {
                throw new LauncherException(
                        file + ": ports." + other + " and ports." + port.getKey() + " are both " + number);
            }
        }
        for (Map.Entry<String, Integer> heap : heaps.byName().entrySet()) {
            if (heap.getValue() < 48 || heap.getValue() > 65_536) {
                throw new LauncherException(file + ": heaps." + heap.getKey() + " is " + heap.getValue()
                        + "; give MiB between 48 and 65536");
            }
        }
        return this;
    }

    private static YAMLMapper mapper() {
        return YAMLMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                .build();
    }
}
