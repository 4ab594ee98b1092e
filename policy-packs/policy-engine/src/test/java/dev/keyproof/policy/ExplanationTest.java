package dev.keyproof.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is said of a decision is what it was made of, and callers hear no more of it than is theirs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplanationTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int INPUTS = 2000;
    private static final int CHECKS = 22;

    private PolicyEngine engine;

    /** An engine with conditions and changes that are required, so that every check has something to say. */
    @BeforeAll
    void load() throws Exception {
        PolicyBundle bundle = PolicyBundle.builtIn();
        ObjectNode parameters = (ObjectNode) bundle.data().at("/keyproof/parameters");
        parameters.set("conditions", JSON.readTree("""
                [{"name": "office", "operations": ["Encrypt", "Sign", "RotateKey"], "networks": ["127.0.0.0/8"], "methods": ["token", "workload"]},
                 {"name": "managed", "operations": ["DestroyKey", "Encrypt"], "postures": ["managed"], "weekdays": ["tue"], "hours": {"from": 0, "to": 6}}]
                """));
        parameters.set("changes", JSON.readTree("""
                {"required": [{"operations": ["RotateKey", "UpdateKey"]}], "statuses": ["approved"]}
                """));
        Overlay overlay = Overlay.of("test.json", parameters.toString().getBytes(StandardCharsets.UTF_8));
        engine = PolicyEngine.load(EffectivePolicy.of(bundle, List.of(overlay)).bundle());
    }

    private JsonNode explained(JsonNode input) throws PolicyException {
        return engine.explain(input).orElseThrow();
    }

    private static List<JsonNode> each(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    @Test
    void itsChecksMakeTheDecision() throws Exception {
        Random random = new Random(20_261_127);
        Set<String> failed = new HashSet<>();
        int granted = 0;
        for (int i = 0; i < INPUTS; i++) {
            ObjectNode input = Inputs.any(random);
            Decision decision = engine.authorise(input);

            JsonNode explained = explained(input);

            assertThat(explained.path("decision")).as("%s", input).isEqualTo(decision.result());
            List<String> codes = each(explained.path("checks")).stream()
                    .filter(check -> !check.path("holds").asBoolean())
                    .map(check -> check.path("code").asText())
                    .sorted()
                    .toList();
            assertThat(explained.path("checks").size()).isGreaterThanOrEqualTo(CHECKS);
            assertThat(codes.isEmpty()).as("%s", input).isEqualTo(decision.allow());
            assertThat(codes.isEmpty() ? List.of("granted") : codes)
                    .as("%s", input)
                    .isEqualTo(decision.reasons());
            failed.addAll(codes);
            granted += decision.allow() ? 1 : 0;
        }
        assertThat(failed).hasSizeGreaterThanOrEqualTo(CHECKS);
        assertThat(granted).isPositive();
    }

    /** If a check looked at more than it says, some change of that would turn it. */
    @Test
    void whatACheckDoesNotReadDoesNotTurnIt() throws Exception {
        Random random = new Random(20_261_128);
        int turned = 0;
        for (int i = 0; i < INPUTS; i++) {
            ObjectNode input = Inputs.any(random);
            ObjectNode other = mixed(random, input, Inputs.any(random));

            JsonNode before = explained(input).path("checks");
            JsonNode after = explained(other).path("checks");

            for (JsonNode check : before) {
                Optional<JsonNode> same = each(after).stream()
                        .filter(one -> one.path("code").equals(check.path("code")))
                        .findFirst();
                if (same.isPresent() && !same.get().path("holds").equals(check.path("holds"))) {
                    assertThat(same.get().path("read"))
                            .as("%s of %s and %s", check.path("check"), input, other)
                            .isNotEqualTo(check.path("read"));
                    turned++;
                }
            }
        }
        assertThat(turned).isGreaterThan(INPUTS / 4);
    }

    /** The input with one or two of its places as in the other. */
    private static ObjectNode mixed(Random random, ObjectNode input, ObjectNode other) {
        ObjectNode mixed = input.deepCopy();
        for (int i = random.nextInt(1, 3); i > 0; i--) {
            List<String> names = new ArrayList<>();
            other.fieldNames().forEachRemaining(names::add);
            String name = names.get(random.nextInt(names.size()));
            if (mixed.path(name) instanceof ObjectNode inside
                    && other.path(name) instanceof ObjectNode from
                    && !from.isEmpty()) {
                List<String> fields = new ArrayList<>();
                from.fieldNames().forEachRemaining(fields::add);
                String field = fields.get(random.nextInt(fields.size()));
                inside.set(field, from.get(field));
            } else {
                mixed.set(name, other.get(name));
            }
        }
        return mixed;
    }

    @Test
    void nobodyIsToldOfOthers() throws Exception {
        Random random = new Random(20_261_129);
        int told = 0;
        for (int i = 0; i < INPUTS; i++) {
            ObjectNode input = Inputs.any(random);
            input.withObject("/approvals").put("requester", "SECRET-requester");
            ArrayNode approvers = input.withObject("/approvals").putArray("approvers");
            approvers
                    .addObject()
                    .put("id", "SECRET-approver")
                    .put("key", "SECRET-key")
                    .putArray("roles");
            input.withObject("/approvals").putArray("enrolled").addObject().put("id", "SECRET-enrolled");
            if (input.path("key").isObject()) {
                input.withObject("/key/tags").put("callers", "SECRET-caller").put("place", "SECRET-tag");
                input.withObject("/key").put("owner", "SECRET-owner");
            }
            input.withObject("/elevation")
                    .put("holder", "SECRET-holder")
                    .putArray("approvers")
                    .add("SECRET-second");

            JsonNode explained = explained(input);

            assertThat(explained.path("told").toString())
                    .as("%s", input)
                    .doesNotContain("SECRET", "127.0.0.0/8", "managed\"]");
            told += explained.path("told").size();
        }
        assertThat(told).isGreaterThan(INPUTS);
    }
}
