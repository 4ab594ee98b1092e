package dev.keyproof.broker.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.policy.PolicyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where policy is read from.
 *
 * @param bundle bundle file; the one on the class path when absent
 * @param data parameters that replace the bundle's own
 * @param instances how many decisions may be made at once
 * @param check throws {@link IllegalArgumentException} at parameters that the schema lets pass and the broker cannot go by
 */
public record PolicySource(@Nullable Path bundle, @Nullable Path data, int instances, Consumer<JsonNode> check) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What tells that a file is another than it was. */
    record Stamp(List<String> files) {}

    /** The files as they are; those on the class path do not change. */
    Stamp stamp() {
        List<String> files = new ArrayList<>();
        for (Path file : new @Nullable Path[] {bundle, data}) {
            if (file != null) {
                try {
                    files.add(Files.getLastModifiedTime(file) + " " + Files.size(file));
                } catch (IOException e) {
                    files.add("not there");
                }
            }
        }
        return new Stamp(files);
    }

    /**
     * Loads what is there.
     *
     * @throws PolicyException if it cannot be read, does not load, or its data is out of bounds
     */
    PolicyEngine load() throws PolicyException {
        PolicyBundle read = bundle == null ? PolicyBundle.builtIn() : PolicyBundle.read(bundle);
        PolicyEngine engine = data == null
                ? PolicyEngine.load(read, instances)
                : PolicyEngine.load(read, parameters(data), instances);
        try {
            check.accept(engine.data().path("keyproof").path("parameters"));
            return engine;
        } catch (IllegalArgumentException e) {
            engine.close();
            throw new PolicyException("data: " + e.getMessage(), e);
        }
    }

    private static JsonNode parameters(Path file) throws PolicyException {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new PolicyException("data " + file + " cannot be read as JSON: " + e.getMessage(), e);
        }
    }
}
