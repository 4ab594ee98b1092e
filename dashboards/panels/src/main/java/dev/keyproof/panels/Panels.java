package dev.keyproof.panels;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** The panels that ship with the product, in the order they are shown. */
public final class Panels {
    private static final List<String> NAMES = List.of("operations", "latency", "findings");

    private final List<Panel> panels;

    public Panels() {
        ObjectMapper mapper = new ObjectMapper();
        this.panels = NAMES.stream()
                .map(name -> new Panel(name, read(mapper, "/keyproof/panels/" + name + ".vl.json")))
                .toList();
    }

    public List<Panel> all() {
        return panels;
    }

    public Optional<Panel> named(String name) {
        return panels.stream().filter(panel -> panel.name().equals(name)).findFirst();
    }

    private static JsonNode read(ObjectMapper mapper, String resource) {
        try (InputStream in = Panels.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("panel " + resource + " is not in this build");
            }
            return mapper.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
