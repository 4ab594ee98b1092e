package dev.keyproof.policy;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * An installation's own values of policy's parameters: a merge patch (RFC 7396) over them, so that it says only what is other than in the
 * packs. A list takes the place of the whole list, {@code null} takes a value away.
 */
public final class Overlay {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Every whole number up to it has a form of its own (RFC 8785). */
    private static final long LARGEST = 1L << 53;

    private final String name;
    private final String digest;
    private final ObjectNode patch;

    private Overlay(String name, String digest, ObjectNode patch) {
        this.name = name;
        this.digest = digest;
        this.patch = patch;
    }

    /** @throws PolicyException when the file cannot be read, or is no JSON object in which each value has one form */
    public static Overlay read(Path file) throws PolicyException {
        try {
            return of(String.valueOf(file.getFileName()), Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new PolicyException("overlay " + file + ": no such file", e);
        } catch (IOException e) {
            throw new PolicyException("overlay " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The files {@code *.json} in a folder, in the order of their names; none where there is no folder. */
    public static List<Overlay> folder(Path folder) throws PolicyException {
        if (Files.notExists(folder)) {
            return List.of();
        }
        List<Overlay> overlays = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".json"))
                    .sorted(Comparator.comparing(file -> String.valueOf(file.getFileName())))
                    .toList()) {
                overlays.add(read(file));
            }
            return List.copyOf(overlays);
        } catch (IOException e) {
            throw new PolicyException("overlays in " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * The overlay of these bytes.
     *
     * @param name by which its values' origin is told
     */
    public static Overlay of(String name, byte[] json) throws PolicyException {
        try {
            if (JSON.readTree(json) instanceof ObjectNode patch) {
                checkNumbers(name, patch);
                return new Overlay(name, Digests.of(json), patch);
            }
        } catch (IOException e) {
            throw new PolicyException("overlay " + name + " is not JSON: " + e.getMessage(), e);
        }
        throw new PolicyException("overlay " + name + " is not a JSON object");
    }

    private static void checkNumbers(String name, JsonNode node) throws PolicyException {
        if (node.isIntegralNumber()
                && (!node.canConvertToLong() || node.longValue() > LARGEST || node.longValue() < -LARGEST)) {
            throw new PolicyException("overlay " + name + " has a number beyond 2^53: " + node);
        }
        for (JsonNode child : node) {
            checkNumbers(name, child);
        }
    }

    public String name() {
        return name;
    }

    /** {@code sha256:} and the hex digest of the file's bytes. */
    public String digest() {
        return digest;
    }

    ObjectNode patch() {
        return patch;
    }
}
