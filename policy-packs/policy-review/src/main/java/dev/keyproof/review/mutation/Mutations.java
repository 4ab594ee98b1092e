package dev.keyproof.review.mutation;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every mutant of a module, from what {@code opa parse --format json --json-include locations} says of it. */
final class Mutations {
    /** A bound is moved by one and a test is turned round; the rest of arithmetic and sets is exchanged. */
    private static final Map<String, List<String>> OPERATORS = Map.ofEntries(
            Map.entry("==", List.of("!=")),
            Map.entry("!=", List.of("==")),
            Map.entry("<", List.of("<=", ">=")),
            Map.entry("<=", List.of("<", ">")),
            Map.entry(">", List.of(">=", "<=")),
            Map.entry(">=", List.of(">", "<")),
            Map.entry("+", List.of("-")),
            Map.entry("-", List.of("+")),
            Map.entry("*", List.of("/")),
            Map.entry("/", List.of("*")),
            Map.entry("&", List.of("|")),
            Map.entry("|", List.of("&")));

    private final String file;
    private final Set<Mutant> found = new LinkedHashSet<>();

    private Mutations(String file) {
        this.file = file;
    }

    /** In the order of the module. */
    static List<Mutant> of(String file, JsonNode ast) {
        Mutations mutations = new Mutations(file);
        ast.path("rules").forEach(mutations::walk);
        return List.copyOf(mutations.found);
    }

    private void walk(JsonNode node) {
        JsonNode location = node.path("location");
        if (location.has("text")) {
            String text =
                    new String(Base64.getDecoder().decode(location.path("text").asText()), StandardCharsets.UTF_8);
            if (node.path("negated").asBoolean() && text.startsWith("not ")) {
                add(location, "not ", "");
            }
            constant(node, location, text);
            if (node.path("type").asText().equals("ref")) {
                OPERATORS.getOrDefault(text, List.of()).forEach(other -> add(location, text, other));
            }
        }
        for (JsonNode child : node) {
            walk(child);
        }
    }

    /** A name after a dot is a string as well, and none of these. */
    private void constant(JsonNode node, JsonNode location, String text) {
        switch (node.path("type").asText()) {
            case "number" -> {
                if (text.matches("[0-9]+")) {
                    add(location, text, Long.toString(Long.parseLong(text) + 1));
                }
            }
            case "string" -> {
                if (text.startsWith("\"")) {
                    add(location, text, "\"mutated\"");
                }
            }
            case "boolean" -> {
                if (text.equals("true") || text.equals("false")) {
                    add(location, text, Boolean.toString(text.equals("false")));
                }
            }
            default -> {
                // Nothing else is a constant.
            }
        }
    }

    private void add(JsonNode location, String before, String after) {
        found.add(new Mutant(
                file, location.path("row").asInt(), location.path("col").asInt(), before, after));
    }

    /** Those of several modules. */
    static List<Mutant> all(Map<String, JsonNode> modules) {
        List<Mutant> all = new ArrayList<>();
        modules.forEach((file, ast) -> all.addAll(of(file, ast)));
        return all;
    }
}
