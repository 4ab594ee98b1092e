package dev.keyproof.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Finds in a JSON document what is asked of it, and reads no more of it than that. Of what is asked for its truth alone the kind is found, and
 * whether it is false.
 */
public final class Excerpt {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Every number of so many digits is a {@code long}. */
    private static final int SURE_DIGITS = 18;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Asked root;
    private final int size;

    private Excerpt(Asked root, int size) {
        this.root = root;
        this.size = size;
    }

    /** Collects what is asked. */
    public static final class Builder {
        private final Node root = new Node(0);
        private int size = 1;

        /** Nothing so far. */
        public Builder() {}

        /** All that stands at that path. */
        public Builder whole(String... path) {
            at(List.of(path)).givens.add(Set.of());
            return this;
        }

        /** What that policy can tell apart of an input at that path. */
        public Builder input(DecisionMemo policy, String... path) {
            for (Reads.Read read : policy.reads().all()) {
                Set<Integer> given = new HashSet<>();
                read.given().forEach(needed -> given.add(at(below(path, needed)).number));
                Node asked = at(below(path, read.place().path()));
                if (!read.place().truth()) {
                    asked.givens.add(given);
                }
            }
            return this;
        }

        private Node at(List<String> path) {
            Node node = root;
            for (String name : path) {
                node = node.fields.computeIfAbsent(name, none -> new Node(size++));
            }
            return node;
        }

        private static List<String> below(String[] path, List<String> more) {
            List<String> all = new ArrayList<>(List.of(path));
            all.addAll(more);
            return all;
        }

        public Excerpt build() {
            return new Excerpt(asked("", root), size);
        }

        private static Asked asked(String name, Node node) {
            List<Asked> fields = new ArrayList<>();
            node.fields.forEach((field, below) -> fields.add(asked(field, below)));
            return new Asked(name, node.number, fields, node.givens);
        }

        /** A place that may be asked more of. */
        private static final class Node {
            private final int number;
            private final Map<String, Node> fields = new LinkedHashMap<>();
            private final Set<Set<Integer>> givens = new HashSet<>();

            Node(int number) {
                this.number = number;
            }
        }
    }

    /** A place that is asked. */
    public static final class Spot {
        private final Asked asked;

        private Spot(Asked asked) {
            this.asked = asked;
        }
    }

    /**
     * The place at that path.
     *
     * @throws IllegalArgumentException when nothing is asked there
     */
    public Spot spot(String... path) {
        Asked asked = root;
        for (String name : path) {
            asked = asked.field(name)
                    .orElseThrow(() -> new IllegalArgumentException("not asked: " + String.join(".", path)));
        }
        return new Spot(asked);
    }

    /**
     * What was asked of that document.
     *
     * @return empty where it must be read as a whole to tell: it is no JSON, has a name twice or escaped, or is nested deep
     */
    public Optional<Found> in(byte[] document) {
        JsonScan scan = new JsonScan(document, size);
        return scan.finds(root) ? Optional.of(new Found(document, scan)) : Optional.empty();
    }

    /** What was found in one document. */
    public static final class Found {
        private final byte[] document;
        private final JsonScan scan;

        private Found(byte[] document, JsonScan scan) {
            this.document = document;
            this.scan = scan;
        }

        /** Whether there is an object. */
        public boolean isObject(Spot spot) {
            return scan.found(spot.asked) && kind(spot.asked) == '{';
        }

        /** The text there; empty where there is none. */
        public Optional<String> text(Spot spot) {
            Asked asked = spot.asked;
            if (!scan.found(asked) || kind(asked) != '"') {
                return Optional.empty();
            }
            int from = scan.from(asked) + 1;
            String text = new String(document, from, scan.to(asked) - 1 - from, StandardCharsets.UTF_8);
            return Optional.of(text.indexOf('\\') < 0 ? text : parsed(asked).textValue());
        }

        /** The whole number there; empty where there is none, or one that no {@code long} holds. */
        public OptionalLong number(Spot spot) {
            Asked asked = spot.asked;
            if (!scan.found(asked)) {
                return OptionalLong.empty();
            }
            int from = scan.from(asked);
            int to = scan.to(asked);
            long sum = 0;
            for (int at = from; at < to; at++) {
                // Some other kind, or one with a sign, a point or more digits: as a parser has it.
                if (document[at] < '0' || document[at] > '9' || to - from > SURE_DIGITS) {
                    return parsedNumber(asked);
                }
                sum = 10 * sum + document[at] - '0';
            }
            return OptionalLong.of(sum);
        }

        private OptionalLong parsedNumber(Asked asked) {
            JsonNode number = node(asked);
            return number.canConvertToLong() ? OptionalLong.of(number.longValue()) : OptionalLong.empty();
        }

        /** What is there, as far as it is asked; a missing node where nothing is. */
        public JsonNode node(Spot spot) {
            return scan.found(spot.asked) ? node(spot.asked) : MissingNode.getInstance();
        }

        /** All that is read of what is there: documents of which it is the same are told apart by nobody who asked. */
        public Gist gist(Spot spot) {
            return Gist.of(document, scan, spot.asked);
        }

        private byte kind(Asked asked) {
            return document[scan.from(asked)];
        }

        private JsonNode node(Asked asked) {
            if (asked.isWhole()) {
                return parsed(asked);
            }
            return switch (kind(asked)) {
                case '{' -> {
                    ObjectNode object = NODES.objectNode();
                    for (Asked field : asked.fields()) {
                        if (scan.found(field)) {
                            object.set(field.name(), node(field));
                        }
                    }
                    yield object;
                }
                case '[' -> NODES.arrayNode(0);
                default -> NODES.booleanNode(kind(asked) != 'f');
            };
        }

        private JsonNode parsed(Asked asked) {
            int from = scan.from(asked);
            try {
                return JSON.readTree(document, from, scan.to(asked) - from);
            } catch (IOException e) {
                throw new UncheckedIOException("JSON that was scanned does not parse", e);
            }
        }
    }
}
