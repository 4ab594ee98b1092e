package dev.keyproof.review.pages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The rules and frameworks of packs, in the order of their names. */
public final class Catalogue {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Rule> rules;
    private final List<Framework> frameworks;

    private Catalogue(List<Rule> rules, List<Framework> frameworks) {
        this.rules = List.copyOf(rules);
        this.frameworks = List.copyOf(frameworks);
    }

    /**
     * Reads what {@code opa inspect} says of the rules' metadata, and the frameworks' data.
     *
     * @param packs the folder of the packs
     * @param opa the program
     * @throws PagesException where they cannot be read, or a rule says not enough of itself
     */
    public static Catalogue of(Path packs, String opa) throws PagesException {
        if (!Files.isDirectory(packs)) {
            throw new PagesException("there is no folder " + packs);
        }
        try {
            return new Catalogue(rules(packs, opa), frameworks(packs.resolve("frameworks")));
        } catch (IOException e) {
            throw new PagesException("the packs in " + packs + " cannot be read: " + e.getMessage(), e);
        }
    }

    List<Rule> rules() {
        return rules;
    }

    List<Framework> frameworks() {
        return frameworks;
    }

    Optional<Rule> rule(String name) {
        return rules.stream().filter(rule -> rule.name().equals(name)).findFirst();
    }

    Optional<Framework> framework(String name) {
        return frameworks.stream()
                .filter(framework -> framework.name().equals(name))
                .findFirst();
    }

    private static List<Rule> rules(Path packs, String opa) throws IOException, PagesException {
        List<Rule> rules = new ArrayList<>();
        for (JsonNode one : inspected(packs, opa).path("annotations")) {
            String file = one.at("/location/file").asText();
            JsonNode metadata = one.path("annotations");
            if (metadata.path("scope").asText().equals("package")
                    && metadata.at("/custom/controls").isArray()) {
                rules.add(rule(file, metadata));
            }
        }
        if (rules.isEmpty()) {
            throw new PagesException("there are no rules in " + packs.resolve("rules"));
        }
        rules.sort(Comparator.comparing(Rule::name));
        return rules;
    }

    private static JsonNode inspected(Path packs, String opa) throws IOException, PagesException {
        Process process = new ProcessBuilder(opa, "inspect", "--annotations", "--format", "json", "rules")
                .directory(packs.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        byte[] said = process.getInputStream().readAllBytes();
        try {
            if (process.waitFor() != 0) {
                throw new PagesException("opa inspect fails: " + new String(said, StandardCharsets.UTF_8).strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PagesException("interrupted", e);
        }
        return JSON.readTree(said);
    }

    private static Rule rule(String file, JsonNode metadata) throws PagesException {
        JsonNode custom = metadata.path("custom");
        TreeMap<String, String> reads = new TreeMap<>();
        custom.path("reads")
                .properties()
                .forEach(read -> reads.put(read.getKey(), read.getValue().asText()));
        List<Rule.Named> controls = new ArrayList<>();
        for (JsonNode control : custom.path("controls")) {
            controls.add(new Rule.Named(
                    text(control, "framework", file),
                    text(control, "version", file),
                    text(control, "id", file),
                    text(control, "source", file),
                    text(control, "date", file)));
        }
        return new Rule(
                name(file),
                text(metadata, "title", file),
                text(metadata, "description", file),
                text(custom, "severity", file),
                text(custom, "remediation", file),
                text(custom, "subject", file),
                reads,
                controls,
                file);
    }

    /** {@code rules/SUBJECT/RULE/rule.rego}. */
    private static String name(String file) throws PagesException {
        Path path = Path.of(file);
        if (path.getNameCount() != 4) {
            throw new PagesException(file + " is not in a folder rules/SUBJECT/RULE");
        }
        return path.getName(1) + "/" + path.getName(2);
    }

    private static List<Framework> frameworks(Path folder) throws IOException, PagesException {
        List<Path> files;
        try (Stream<Path> inside = Files.list(folder)) {
            files = inside.map(one -> one.resolve("data.json"))
                    .filter(Files::exists)
                    .sorted()
                    .toList();
        }
        List<Framework> frameworks = new ArrayList<>();
        for (Path file : files) {
            frameworks.add(framework(JSON.readTree(Files.readAllBytes(file)), file.toString()));
        }
        frameworks.sort(Comparator.comparing(Framework::name));
        return frameworks;
    }

    private static Framework framework(JsonNode data, String file) throws PagesException {
        List<Framework.Control> controls = new ArrayList<>();
        for (JsonNode control : data.path("controls")) {
            List<String> rules = new ArrayList<>();
            control.path("rules").forEach(rule -> rules.add(rule.asText()));
            rules.sort(Comparator.naturalOrder());
            controls.add(new Framework.Control(
                    text(control, "id", file),
                    text(control, "title", file),
                    rules,
                    optional(control, "person"),
                    optional(control, "attach")));
        }
        return new Framework(
                text(data, "framework", file),
                text(data, "version", file),
                text(data, "title", file),
                text(data, "publisher", file),
                text(data, "date", file),
                text(data.path("checked"), "date", file),
                text(data.path("checked"), "against", file),
                controls);
    }

    private static Optional<String> optional(JsonNode node, String field) {
        return Optional.of(node.path(field).asText()).filter(text -> !text.isBlank());
    }

    private static String text(JsonNode node, String field, String file) throws PagesException {
        return optional(node, field).orElseThrow(() -> new PagesException(file + " says no " + field));
    }
}
