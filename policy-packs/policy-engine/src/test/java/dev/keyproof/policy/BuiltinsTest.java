package dev.keyproof.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.policy.plan.Plan;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each function and each form of Rego that a pack may use, over a table of values and all pairs of them, against the real {@code opa}. */
@Tag("server")
final class BuiltinsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What {@code opa} computes with has 64 bits, and what is read back here 53; a fraction may differ behind them. */
    private static final MathContext COMPARED = new MathContext(14);

    /** What a pair {@code x}, {@code y} is asked. */
    private static final List<String> EXPRESSIONS = List.of(
            "input.x + input.y",
            "input.x - input.y",
            "input.x * input.y",
            "input.x / input.y",
            "input.x % input.y",
            "input.x == input.y",
            "input.x != input.y",
            "input.x < input.y",
            "input.x <= input.y",
            "input.x > input.y",
            "input.x >= input.y",
            "abs(input.x)",
            "floor(input.x)",
            "round(input.x)",
            "to_number(input.x)",
            "format_int(input.x, 10)",
            "format_int(input.x, input.y)",
            "[r | input.x < 300; r := numbers.range(input.x, 3)]",
            "[r | input.x < 300; r := numbers.range(4, input.x)]",
            "count(input.x)",
            "sum(input.x)",
            "max(input.x)",
            "min(input.x)",
            "sort(input.x)",
            "type_name(input.x)",
            "is_null(input.x)",
            "is_boolean(input.x)",
            "is_number(input.x)",
            "is_string(input.x)",
            "is_array(input.x)",
            "is_object(input.x)",
            "is_set(input.x)",
            "input.x[input.y]",
            "input.x[0]",
            "input.x.a",
            "input.x in input.y",
            "count([k | some k, input.y in input.x])",
            "[v | some v in input.x]",
            "{k: v | some k, v in input.x}",
            "{v | some v in input.x}",
            "{v | some v in input.x} | {v | some v in input.y}",
            "{v | some v in input.x} & {v | some v in input.y}",
            "{v | some v in input.x} - {v | some v in input.y}",
            "union({{v | some v in input.x}, {v | some v in input.y}})",
            "intersection({{v | some v in input.x}, {v | some v in input.y}})",
            "sort({v | some v in input.x} | {1, \"a\", null, true, [1], {\"a\": 2}, {3}})",
            "array.concat(input.x, input.y)",
            "array.slice(input.x, 1, 2)",
            "array.slice([5, 6, 7, 8], input.x, input.y)",
            "object.get(input.x, input.y, \"none\")",
            "object.get(input.x, [\"a\", \"b\"], \"none\")",
            "object.keys(input.x)",
            "object.remove(input.x, input.y)",
            "object.remove(input.x, {\"a\"})",
            "object.union(input.x, input.y)",
            "[p | walk(input.x, [p, _])]",
            "[v | walk(input.x, [_, v])]",
            "contains(input.x, input.y)",
            "startswith(input.x, input.y)",
            "endswith(input.x, input.y)",
            "concat(input.x, [\"p\", \"q\"])",
            "concat(\"/\", input.x)",
            "split(input.x, input.y)",
            "[r | input.y != \"\"; r := replace(input.x, input.y, \"-\")]",
            "replace(\"ab\", input.y, \"-\")",
            "indexof(input.x, input.y)",
            "substring(input.x, 1, 2)",
            "substring(\"h\u00e9llo \ud83d\udd11\", input.x, input.y)",
            "lower(input.x)",
            "upper(input.x)",
            "trim_space(input.x)",
            "base64.encode(input.x)",
            "base64.decode(input.x)",
            "json.marshal(input.x)",
            "json.unmarshal(input.x)",
            "net.cidr_contains(input.x, input.y)",
            "glob.match(input.x, [\".\"], input.y)",
            "glob.match(input.x, [], input.y)",
            "glob.match(input.x, null, input.y)",
            "glob.match(input.x, [\"/\", \":\"], input.y)",
            "regex.match(input.x, input.y)",
            "f(input.x, input.y)",
            "[r | some v in input.x; r := f(v, input.y)]",
            "count([v | some v in input.x; not v in input.y])",
            "{\"every\": true | every v in input.x { is_number(v) }}",
            "chosen with input.z as input.y",
            "chosen with input.z.a as 7",
            "numbered[input.x]",
            "described with input as {\"z\": input.x}");

    private static final String OTHERS = """
            default chosen := "nothing"

            chosen := "a number" if is_number(input.z)

            else := "seven" if input.z.a == 7

            else := "text" if is_string(input.z)

            numbered[k] := v if some k, v in data.table

            described contains "number" if is_number(input.z)

            described contains "text" if is_string(input.z)

            described contains name if some name, _ in data.table

            f(a, b) := "same" if a == b

            f(a, b) := "larger" if {
                a != b
                a > b
            }

            """;

    @TempDir
    Path folder;

    private static List<JsonNode> values() throws Exception {
        List<JsonNode> values = new ArrayList<>();
        JSON.readTree("""
                        [null, true, false, 0, 1, -1, 2, 3, 10, 16, 255, -7, 1.5, -2.5, -0.5, 0.1, 1000000007, 9007199254740993,
                         "", "a", "b", "ab", "a.b", "abc", "x a.b x", "a.*", "a*", "**", "*", "[ab]*", "[!a]b", "{a,b}*", "a?c", "^a.c$", "a{", "12", "1e3", "-0.50",
                         "0x10", " p\\u00a0", "H\\u00e9LLO \\ud83d\\udd11", "YWI=", "YWI", "<&>\\"\\n", "[1, 2]", "{\\"a\\": null}", "10.0.0.0/8", "10.1.2.3", "10.1.0.0/16",
                         "::ffff:10.0.0.1", "2001:db8::/32", "2001:db8::1", "a/b:c", "\\uffee",
                         [], [1], [3, 1, 2], ["b", "a"], [1, [2, "x"], null], [1, 1.5, 2], {}, {"a": 1}, {"a": {"b": 2, "c": [1]}}, {"b": 1, "a": {"b": 3, "d": 4}}, {"a": 7}]
                        """).forEach(values::add);
        return values;
    }

    @Test
    void theEngineComputesAsOpaDoes() throws Exception {
        StringBuilder source = new StringBuilder("package keyproof.authz\n\n" + OTHERS);
        for (int i = 0; i < EXPRESSIONS.size(); i++) {
            source.append("decision[\"")
                    .append(i)
                    .append("\"] := v if v := ")
                    .append(EXPRESSIONS.get(i))
                    .append("\n\n");
        }
        for (String part : List.of("authz", "rules", "lib")) {
            Files.createDirectories(folder.resolve(part));
        }
        Files.writeString(folder.resolve("authz/authz.rego"), source);
        Files.writeString(folder.resolve("rules/rules.rego"), "package keyproof.compliance\n\nresults := []\n");
        Files.writeString(folder.resolve("data.json"), "{\"table\": {\"one\": 1, \"a\": \"A\", \"ab\": [2]}}");
        PolicyBundle bundle = RealOpa.bundle(folder, "authz", "rules", "data.json");
        Plan plan = Plan.of(bundle.plan(), bundle.data());

        List<ObjectNode> inputs = new ArrayList<>();
        for (JsonNode x : values()) {
            for (JsonNode y : values()) {
                ObjectNode input = JSON.createObjectNode();
                input.set("x", x);
                input.set("y", y);
                inputs.add(input);
            }
        }
        List<JsonNode> expected = RealOpa.in(folder).answers(PolicyEngine.DECISION, inputs);

        Map<String, String> different = new TreeMap<>();
        Set<Integer> answered = new HashSet<>();
        for (int i = 0; i < inputs.size(); i++) {
            JsonNode answer = plan.answer(PolicyEngine.DECISION, inputs.get(i)).orElseThrow();
            for (int e = 0; e < EXPRESSIONS.size(); e++) {
                JsonNode ours = plain(answer.path(String.valueOf(e)));
                JsonNode theirs = plain(expected.get(i).path(String.valueOf(e)));
                if (!theirs.isMissingNode()) {
                    answered.add(e);
                }
                if (!ours.equals(theirs)) {
                    different.putIfAbsent(
                            EXPRESSIONS.get(e), inputs.get(i) + " gives " + ours + " and with opa " + theirs);
                }
            }
        }
        assertThat(different).isEmpty();
        assertThat(answered).as("each is defined for some pair").hasSize(EXPRESSIONS.size());
    }

    /** A number as it is, whichever way it is written, and one with a fraction to as many digits as both compute. */
    private static JsonNode plain(JsonNode node) {
        if (node.isArray()) {
            ArrayNode plain = JsonNodeFactory.instance.arrayNode();
            node.forEach(item -> plain.add(plain(item)));
            return plain;
        } else if (node.isObject()) {
            ObjectNode plain = JsonNodeFactory.instance.objectNode();
            node.properties().forEach(field -> plain.set(field.getKey(), plain(field.getValue())));
            return plain;
        } else if (node.isNumber()) {
            BigDecimal number = node.decimalValue();
            return JsonNodeFactory.instance.numberNode(
                    (node.isIntegralNumber() && node.canConvertToLong() ? number : number.round(COMPARED))
                            .stripTrailingZeros());
        }
        return node;
    }
}
