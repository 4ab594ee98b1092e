package dev.keyproof.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExcerptTest {
    /** Takes what RFC 8259 takes and nothing after it. */
    private static final ObjectMapper JSON = JsonMapper.builder(new JsonFactory())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final List<String> NAMES = List.of("a", "b", "c", "aa", "A", "");
    private static final int DOCUMENTS = 20_000;

    private final Excerpt excerpt = new Excerpt.Builder()
            .whole("a")
            .whole("b", "a")
            .whole("b", "c", "aa")
            .build();
    private final Excerpt.Spot root = excerpt.spot();

    private Optional<Excerpt.Found> in(String document) {
        return excerpt.in(document.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsAskedIsFoundAndNoMore() {
        Excerpt.Found found =
                in(" { \"x\" : [1, {\"a\": 2}], \"a\":\t{\"deep\": \"\\u0041\"} ,\"b\" : {\"a\": -1.5e3, \"x\": 1, \"c\": []}}\n")
                        .orElseThrow();

        assertThat(found.node(root).toString()).isEqualTo("{\"a\":{\"deep\":\"A\"},\"b\":{\"a\":-1500.0,\"c\":[]}}");
        assertThat(found.isObject(excerpt.spot("b"))).isTrue();
        assertThat(found.isObject(excerpt.spot("b", "c"))).isFalse();
        assertThat(found.node(excerpt.spot("b", "c", "aa")).isMissingNode()).isTrue();
        assertThatThrownBy(() -> excerpt.spot("x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void textsAndNumbersAreHadAlone() {
        Excerpt.Found found =
                in("{\"a\": \"x\\n\", \"b\": {\"a\": 9223372036854775807, \"c\": {\"aa\": 9223372036854775808}}}")
                        .orElseThrow();

        assertThat(found.text(excerpt.spot("a"))).hasValue("x\n");
        assertThat(found.text(excerpt.spot("b", "a"))).isEmpty();
        assertThat(found.number(excerpt.spot("a"))).isEmpty();
        assertThat(found.number(excerpt.spot("b", "a"))).hasValue(Long.MAX_VALUE);
        assertThat(found.number(excerpt.spot("b", "c", "aa"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}}",
                "{\"a\":1,}",
                "{\"a\":01}",
                "{\"a\":1.}",
                "{\"a\":+1}",
                "{\"a\":1e}",
                "{\"a\":tru}",
                "{\"a\":trueish}",
                "{a:1}",
                "{'a':1}",
                "{\"a\" 1}",
                "[1 2]",
                "[,]",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12g4\"}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"",
                "nul",
                "-",
                "{\"a\":1}x",
                "\u00e9",
                "{\"a\":1,\"a\":2}",
                "{\"\\u0061\":1}",
                "{\"b\":{\"c\":1,\"c\":{}}}"
            })
    void whatParsersMayReadOtherwiseIsNotGuessed(String document) {
        assertThat(in(document)).isEmpty();
    }

    @Test
    void otherLettersAreTakenWhereTheyAreUtf8() {
        byte[] document = "{\"x\": \"\u00e9\ud83d\ude00\", \"a\": \"\u00e9\"}".getBytes(StandardCharsets.UTF_8);

        assertThat(excerpt.in(document).orElseThrow().text(excerpt.spot("a"))).hasValue("\u00e9");
        document[7] = '?';
        assertThat(excerpt.in(document)).isEmpty();
    }

    @Test
    void whatIsNestedDeepIsLeftToTheParser() {
        assertThat(in("[".repeat(64) + "]".repeat(64))).isPresent();
        assertThat(in("[".repeat(65) + "]".repeat(65))).isEmpty();
        assertThat(in("[".repeat(60_000))).isEmpty();
    }

    /** Documents with a letter changed here and there: what is taken is JSON, and what is found is what a parser finds. */
    @Test
    void whatIsTakenIsReadAsAParserReadsIt() throws IOException {
        Random random = new Random(20_261_128);
        int taken = 0;
        int refused = 0;
        for (int i = 0; i < DOCUMENTS; i++) {
            byte[] document = any(random, 0).toString().getBytes(StandardCharsets.UTF_8);
            for (int changes = random.nextInt(3); changes > 0; changes--) {
                document[random.nextInt(document.length)] =
                        (byte) "{}[],:\"\\ab01.e-tfnu\n \u0080".charAt(random.nextInt(22));
            }
            Optional<Excerpt.Found> found = excerpt.in(document);
            if (found.isPresent()) {
                JsonNode whole = JSON.readTree(document);
                assertThat(found.get().node(root)).as(text(document)).isEqualTo(asked(whole));
                taken++;
            } else {
                refused++;
            }
        }
        assertThat(taken).isGreaterThan(DOCUMENTS / 3);
        assertThat(refused).isGreaterThan(DOCUMENTS / 10);
    }

    private static String text(byte[] document) {
        return new String(document, StandardCharsets.ISO_8859_1);
    }

    /** What the excerpt asks, of a tree. */
    private static JsonNode asked(JsonNode whole) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (!whole.isObject()) {
            return whole.isArray() ? nodes.arrayNode() : nodes.booleanNode(!isFalse(whole));
        }
        ObjectNode read = nodes.objectNode();
        put(read, "a", whole.path("a"), true);
        JsonNode b = whole.path("b");
        put(read, "b", b, false);
        if (b.isObject()) {
            ObjectNode below = read.putObject("b");
            put(below, "a", b.path("a"), true);
            JsonNode c = b.path("c");
            put(below, "c", c, false);
            if (c.isObject()) {
                put(below.putObject("c"), "aa", c.path("aa"), true);
            }
        }
        return read;
    }

    private static void put(ObjectNode into, String name, JsonNode value, boolean whole) {
        if (whole && !value.isMissingNode()) {
            into.set(name, value);
        } else if (value.isArray()) {
            into.putArray(name);
        } else if (!value.isMissingNode() && !value.isObject()) {
            into.put(name, !isFalse(value));
        }
    }

    private static boolean isFalse(JsonNode node) {
        return node.isBoolean() && !node.booleanValue();
    }

    private static JsonNode any(Random random, int depth) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        switch (random.nextInt(depth == 0 ? 2 : depth < 4 ? 7 : 5)) {
            case 0, 1, 5, 6 -> {
                ObjectNode object = nodes.objectNode();
                for (int i = random.nextInt(5); i > 0 && depth < 5; i--) {
                    object.set(NAMES.get(random.nextInt(NAMES.size())), any(random, depth + 1));
                }
                return object;
            }
            case 2 -> {
                ArrayNode array = nodes.arrayNode();
                for (int i = random.nextInt(3); i > 0 && depth < 5; i--) {
                    array.add(any(random, depth + 1));
                }
                return array;
            }
            case 3 -> {
                return random.nextBoolean()
                        ? nodes.textNode(NAMES.get(random.nextInt(NAMES.size())) + "\\\"\n\u00e9")
                        : nodes.booleanNode(random.nextBoolean());
            }
            default -> {
                return random.nextBoolean()
                        ? nodes.numberNode(random.nextInt())
                        : nodes.numberNode(random.nextDouble());
            }
        }
    }
}
