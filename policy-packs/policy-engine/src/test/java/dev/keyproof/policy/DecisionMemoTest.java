package dev.keyproof.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.policy.Reads.Place;
import dev.keyproof.policy.Reads.Read;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DecisionMemoTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int INPUTS = 4_000;

    private PolicyEngine engine;
    private Reads reads;

    @BeforeAll
    void load() throws Exception {
        engine = PolicyEngine.load(PolicyBundle.builtIn());
        reads = engine.reads();
    }

    @Test
    void anApplicationsKeysAreOneQuestionWhereTheyDifferInNamesAlone() {
        ObjectNode one = Inputs.encrypt();
        one.remove("approvals");
        ObjectNode other = one.deepCopy();
        other.withObject("/key")
                .put("id", "01KAV3J8Q4W6Z0X1Y2T3R4S5P7")
                .put("name", "other")
                .put("version", 7);
        other.withObject("/time").put("epoch", one.at("/time/epoch").asLong() + 1);

        assertThat(reads.of(one)).isEqualTo(reads.of(other));
        other.withObject("/key").put("state", "suspended");
        assertThat(reads.of(one)).isNotEqualTo(reads.of(other));
        other.withObject("/key").put("state", "active").remove("id");
        assertThat(reads.of(one)).isNotEqualTo(reads.of(other));
    }

    @Test
    void aSecondMattersUnderAnElevation() {
        ObjectNode one = Inputs.encrypt();
        ObjectNode elevation = one.putArray("elevations")
                .addObject()
                .put("id", "01E")
                .put("role", "application")
                .put("until", 3)
                .put("now", 1);
        ObjectNode later = one.deepCopy();
        elevation.put("now", 2);

        assertThat(reads.of(one)).isNotEqualTo(reads.of(later));
    }

    @Test
    void whatIsReadIsWhatThePackNames() {
        assertThat(reads.all())
                .extracting(Read::place)
                .contains(
                        new Place(List.of("operation"), false),
                        new Place(List.of("killSwitch"), false),
                        new Place(List.of("actor", "roles"), false),
                        new Place(List.of("key", "state"), false),
                        new Place(List.of("approvals"), false))
                .doesNotContain(new Place(List.of(), false), new Place(List.of("key"), false));
        // The key's own id matters where there are approvals, which name a key.
        assertThat(reads.all())
                .filteredOn(read -> read.place().equals(new Place(List.of("key", "id"), false)))
                .singleElement()
                .satisfies(read -> assertThat(read.given()).contains(List.of("approvals", "key")));
    }

    /** Whatever is changed in an input in places that are not read, the whole evaluation says the same. */
    @Test
    void inputsOfWhichTheSameIsReadAreDecidedTheSame() {
        Random random = new Random(20_261_126);
        Map<List<Object>, JsonNode> decided = new HashMap<>();
        int again = 0;
        for (int i = 0; i < INPUTS; i++) {
            ObjectNode input = Inputs.any(random);
            again += same(decided, input) ? 1 : 0;
            for (int changes = 0; changes < 4; changes++) {
                change(input, random);
                again += same(decided, input) ? 1 : 0;
            }
        }
        // Otherwise this would prove little.
        assertThat(again).isGreaterThan(INPUTS / 2);
        assertThat(decided).hasSizeGreaterThan(INPUTS);
    }

    private boolean same(Map<List<Object>, JsonNode> decided, ObjectNode input) {
        JsonNode result = engine.authorise(input).result();
        JsonNode before = decided.putIfAbsent(reads.of(input.deepCopy()), result);
        if (before != null) {
            assertThat(result).as(input.toString()).isEqualTo(before);
        }
        return before != null;
    }

    /** Of the text of an input no more need be read than the policy reads, and what that is tells inputs apart as the policy does. */
    @Test
    void anExcerptIsTheSameQuestion() {
        DecisionMemo memo = DecisionMemo.over(engine, 64);
        Excerpt excerpt = new Excerpt.Builder().input(memo, "of", "input").build();
        Excerpt.Spot spot = excerpt.spot("of", "input");
        Random random = new Random(20_261_127);
        Map<Gist, List<Object>> questions = new HashMap<>();
        int shorter = 0;
        int again = 0;
        for (int i = 0; i < INPUTS; i++) {
            ObjectNode input = Inputs.any(random);
            for (int changes = 0; changes < 4; changes++) {
                change(input, random);
                ObjectNode whole = JSON.createObjectNode().put("other", 1);
                whole.withObject("/of").put("more", "x").set("input", input);
                Excerpt.Found found = excerpt.in(whole.toString().getBytes(StandardCharsets.UTF_8))
                        .orElseThrow();
                JsonNode read = found.node(spot);
                List<Object> question = reads.of(input);

                assertThat(reads.of(read)).as(input.toString()).isEqualTo(question);
                List<Object> before = questions.putIfAbsent(found.gist(spot), question);
                if (before != null) {
                    assertThat(question).as(input.toString()).isEqualTo(before);
                    again++;
                }
                shorter += read.toString().length() < input.toString().length() ? 1 : 0;
            }
        }
        assertThat(shorter).isGreaterThan(INPUTS);
        // Otherwise this would prove little: much that differs is told from all else, and much is not.
        assertThat(again).isGreaterThan(INPUTS / 2);
        assertThat(questions).hasSizeGreaterThan(INPUTS);
    }

    /** Anything, anywhere: a field is taken out, added, or becomes something else. */
    private static void change(ObjectNode input, Random random) {
        List<ObjectNode> objects = new ArrayList<>();
        collect(input, objects);
        ObjectNode at = objects.get(random.nextInt(objects.size()));
        List<String> names = new ArrayList<>();
        at.fieldNames().forEachRemaining(names::add);
        String name = names.isEmpty() || random.nextInt(4) == 0 ? "x" : names.get(random.nextInt(names.size()));
        switch (random.nextInt(6)) {
            case 0 -> at.remove(name);
            case 1 -> at.put(name, false);
            case 2 -> at.put(name, random.nextInt(3));
            case 3 -> at.putNull(name);
            case 4 -> at.putObject(name);
            default -> at.put(name, "text");
        }
    }

    private static void collect(JsonNode node, List<ObjectNode> into) {
        if (node instanceof ObjectNode object) {
            into.add(object);
        }
        node.forEach(child -> collect(child, into));
    }

    @Test
    void theMemoryGivesWhatTheEngineGives() throws Exception {
        DecisionMemo memo = DecisionMemo.over(engine, 64);
        Random random = new Random(7);
        for (int i = 0; i < 500; i++) {
            ObjectNode input = Inputs.any(random);
            assertThat(memo.authorise(input)).isEqualTo(engine.authorise(input));
            assertThat(memo.authorise(input.deepCopy())).isEqualTo(engine.authorise(input));
        }
    }

    @Test
    void whatIsNotKnownReadsAllThatItIsGiven() throws Exception {
        JsonNode plan = JSON.readTree("""
                {"static": {"strings": [{"value": "a"}, {"value": "b"}]},
                 "plans": {"plans": [{"name": "p", "blocks": [{"stmts": [
                   {"type": "DotStmt", "stmt": {"source": {"type": "local", "value": 0},
                     "key": {"type": "string_index", "value": 0}, "target": 4}},
                   {"type": "SomethingNewStmt", "stmt": {"of": 4, "row": 0}},
                   {"type": "CallStmt", "stmt": {"func": "f", "args": [{"type": "local", "value": 0}], "result": 5}}]}]}]},
                 "funcs": {"funcs": [{"name": "f", "params": [0], "blocks": [{"stmts": [
                   {"type": "DotStmt", "stmt": {"source": {"type": "local", "value": 0},
                     "key": {"type": "string_index", "value": 1}, "target": 2}},
                   {"type": "ReturnLocalStmt", "stmt": {"source": 2}}]}]}]}}
                """);

        assertThat(Reads.of(plan, "p").all())
                .extracting(Read::place)
                .containsExactlyInAnyOrder(new Place(List.of("a"), false), new Place(List.of("b"), false));
        assertThatThrownBy(() -> Reads.of(plan, "q")).isInstanceOf(PolicyException.class);
    }
}
