package dev.keyproof.policy.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Values from JSON and to it. A set becomes an array in order; a key that is no string becomes its JSON. */
final class Json {
    private static final ObjectMapper TEXT = new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    /** Deeper documents are no input of ours, and end before the stack does. */
    private static final int DEEPEST = 500;

    private Json() {}

    /** What is missing is null, as it is written. @throws Abort when it is too deep or a number too long */
    static Value of(JsonNode node) {
        return of(node, 0);
    }

    private static Value of(JsonNode node, int depth) {
        if (depth > DEEPEST) {
            throw new Abort("JSON deeper than " + DEEPEST);
        }
        return switch (node.getNodeType()) {
            case STRING -> new Text(node.textValue());
            case NUMBER -> number(node);
            case BOOLEAN -> Bool.of(node.booleanValue());
            case ARRAY -> {
                List<Value> items = new ArrayList<>(node.size());
                for (JsonNode item : node) {
                    items.add(of(item, depth + 1));
                }
                yield Arr.of(items);
            }
            case OBJECT -> {
                Obj object = Obj.empty(node.size());
                for (Map.Entry<String, JsonNode> field : node.properties()) {
                    object.put(new Text(field.getKey()), of(field.getValue(), depth + 1));
                }
                yield object;
            }
            case NULL, MISSING -> Nil.NULL;
            case BINARY, POJO -> throw new Abort("a value that JSON does not have");
        };
    }

    private static Value number(JsonNode node) {
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return Num.of(node.longValue());
        }
        if ((node.isDouble() || node.isFloat()) && !Double.isFinite(node.doubleValue())) {
            throw new Abort("a number that JSON does not have");
        }
        return Num.of(node.decimalValue());
    }

    static JsonNode of(Value value) {
        return node(value, 0);
    }

    private static JsonNode node(Value value, int depth) {
        if (depth > DEEPEST) {
            throw new Abort("a value deeper than " + DEEPEST);
        }
        if (value instanceof Text text) {
            return NODES.textNode(text.value());
        } else if (value instanceof Num number) {
            return number(number);
        } else if (value instanceof Bool bool) {
            return NODES.booleanNode(bool == Bool.TRUE);
        } else if (value instanceof Obj object) {
            return object(object, depth);
        } else if (value instanceof Arr array) {
            return array(array.items(), depth);
        } else if (value instanceof Members set) {
            return array(set.keys(), depth);
        }
        return NODES.nullNode();
    }

    private static JsonNode number(Num number) {
        if (number.isLong()) {
            long whole = number.asLong();
            return whole == (int) whole ? NODES.numberNode((int) whole) : NODES.numberNode(whole);
        }
        BigDecimal decimal = number.decimal();
        if (number.isWhole()) {
            return NODES.numberNode(decimal.toBigIntegerExact());
        }
        double near = decimal.doubleValue();
        return BigDecimal.valueOf(near).compareTo(decimal) == 0 ? NODES.numberNode(near) : NODES.numberNode(decimal);
    }

    private static ArrayNode array(List<Value> items, int depth) {
        ArrayNode array = NODES.arrayNode(items.size());
        for (Value item : items) {
            array.add(node(item, depth + 1));
        }
        return array;
    }

    private static ObjectNode object(Obj object, int depth) {
        ObjectNode node = NODES.objectNode();
        for (Value key : object.keys()) {
            node.set(name(key), node(object.field(key), depth + 1));
        }
        return node;
    }

    private static String name(Value key) {
        return key instanceof Text text ? text.value() : write(key);
    }

    /** As {@code json.marshal} writes it: names in order, what HTML would trip over escaped, as Go does. */
    static String write(Value value) {
        StringBuilder out = new StringBuilder();
        write(value, out, 0);
        return out.toString();
    }

    private static void write(Value value, StringBuilder out, int depth) {
        if (depth > DEEPEST) {
            throw new Abort("a value deeper than " + DEEPEST);
        }
        if (value instanceof Text text) {
            string(text.value(), out);
        } else if (value instanceof Obj object) {
            Map<Value, Value> named = new TreeMap<>(Value::compare);
            object.fields().forEach((key, field) -> named.put(new Text(name(key)), field));
            String separator = "{";
            for (Map.Entry<Value, Value> field : named.entrySet()) {
                out.append(separator);
                write(field.getKey(), out, depth);
                out.append(':');
                write(field.getValue(), out, depth + 1);
                separator = ",";
            }
            out.append(named.isEmpty() ? "{}" : "}");
        } else if (value instanceof Arr || value instanceof Members) {
            List<Value> items = value instanceof Arr array ? array.items() : ((Members) value).keys();
            String separator = "[";
            for (Value item : items) {
                out.append(separator);
                write(item, out, depth + 1);
                separator = ",";
            }
            out.append(items.isEmpty() ? "[]" : "]");
        } else if (value instanceof Bool bool) {
            out.append(bool == Bool.TRUE);
        } else {
            out.append(value instanceof Num number ? number : "null");
        }
    }

    private static void string(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '<', '>', '&', '\u2028', '\u2029' -> out.append(String.format("\\u%04x", (int) c));
                default -> out.append(c < ' ' ? String.format("\\u%04x", (int) c) : String.valueOf(c));
            }
        }
        out.append('"');
    }

    /** Empty where it is not one JSON document. */
    static Optional<Value> read(String text) {
        try {
            JsonNode node = TEXT.readTree(text);
            return node == null || node.isMissingNode() ? Optional.empty() : Optional.of(of(node));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
