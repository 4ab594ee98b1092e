package dev.keyproof.broker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.KeyOperation;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.policy.RuleResult;
import dev.keyproof.policy.history.AccountAct;
import dev.keyproof.policy.history.AccountHistory;
import dev.keyproof.policy.history.Happening;
import dev.keyproof.policy.history.InstallationHistory;
import dev.keyproof.policy.history.KeyChange;
import dev.keyproof.policy.history.KeyHistory;
import dev.keyproof.policy.history.KeyUses;
import dev.keyproof.policy.history.OpenIntent;
import dev.keyproof.policy.history.TokenHistory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** What the rules say of a run: its journals, folded as the stream folds them, before the policy that is shipped. */
final class JudgedRecord {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int OPERATION = 99;

    private final Map<String, PolicyEngine> engines = new LinkedHashMap<>();
    private final Map<String, Set<String>> table = new TreeMap<>();

    JudgedRecord() throws Exception {
        engine("as delivered", parameters -> {});
    }

    /** A policy with other parameters, under a name. */
    void engine(String name, Consumer<ObjectNode> change) throws Exception {
        engines.put(name, PolicyEngine.load(TestPolicy.of(change)));
    }

    /** By rule, every verdict that was seen; with PASS and FAIL of every rule. */
    Map<String, Set<String>> table() {
        return table;
    }

    /** What the policy of that name says of all that these events tell, so many seconds after the last of them: rule, verdict, whom. */
    List<String> judge(String policy, List<JsonNode> events, long later) throws Exception {
        long now = events.stream()
                                .mapToLong(event -> event.path("time").asLong())
                                .max()
                                .orElseThrow()
                        / 1000
                + later;
        PolicyEngine engine = Objects.requireNonNull(engines.get(policy));
        List<String> said = new ArrayList<>();
        for (ObjectNode input : inputs(events)) {
            input.putObject("time").put("epoch", now);
            for (RuleResult result : engine.evaluate(input)) {
                table.computeIfAbsent(result.rule(), rule -> new TreeSet<>())
                        .add(result.status().name());
                said.add(result.rule() + " " + result.status() + " "
                        + input.path("about").asText() + " " + result.evidence().path("faults"));
            }
        }
        return said;
    }

    private static List<ObjectNode> inputs(List<JsonNode> events) throws Exception {
        Map<String, AKey> keys = new LinkedHashMap<>();
        Map<String, AccountHistory> accounts = new LinkedHashMap<>();
        Map<String, TokenHistory> tokens = new LinkedHashMap<>();
        Map<String, OpenIntent> open = new LinkedHashMap<>();
        InstallationHistory installation = InstallationHistory.of(JSON.nullNode());
        for (JsonNode event : events) {
            Happening told = Happening.of(event).orElseThrow();
            if (told.kind().equals("intent")) {
                open.put(told.event(), new OpenIntent(told.event(), told.operation(), told.time()));
            }
            open.remove(told.intent());
            installation.add(told);
            if (!told.token().isEmpty()) {
                tokens.computeIfAbsent(told.token(), token -> TokenHistory.of(JSON.nullNode()))
                        .add(told);
            }
            AccountAct.of(event)
                    .ifPresent(act -> accounts.computeIfAbsent(
                                    act.account(), account -> AccountHistory.of(JSON.nullNode()))
                            .add(act));
            if (told.kind().equals("operation") && !told.about().isEmpty()) {
                keys.computeIfAbsent(told.about(), key -> new AKey()).add(event, told);
            }
        }
        List<ObjectNode> inputs = new ArrayList<>();
        keys.forEach((id, key) -> key.input().ifPresent(input -> inputs.add(input.put("about", id))));
        accounts.forEach((id, account) -> inputs.add(about("account", id, account.input(id))));
        tokens.forEach((id, token) -> inputs.add(about("token", id, token.input(id))));
        inputs.add(about("installation", "installation", installation.input(open.values())));
        return inputs;
    }

    private static ObjectNode about(String subject, String id, ObjectNode told) {
        ObjectNode input = JSON.createObjectNode().put("subject", subject).put("about", id);
        input.set(subject, told);
        return input;
    }

    private static boolean refused(Happening told) {
        return told.decision().path("allow").isBoolean()
                && !told.decision().path("allow").booleanValue();
    }

    /** A key as its events tell it. */
    private static final class AKey {
        private final KeyHistory history = KeyHistory.empty();
        private final Map<String, KeyUses> uses = new TreeMap<>();
        private JsonNode now = JSON.nullNode();

        void add(JsonNode event, Happening told) {
            JsonNode resource = event.at("/resources/0");
            JsonNode state = resource.path("data");
            int version = resource.path("version").asInt();
            String before = told.decision().at("/input/key/state").asText();
            if (event.path("activity_id").asInt() == OPERATION) {
                if (told.done()) {
                    KeyUses use = history.standing()
                            .use(
                                    told.operation(),
                                    before,
                                    version,
                                    Math.max(1, event.path("count").asInt()),
                                    told.time());
                    uses.merge(use.name(), use, KeyUses::and);
                }
            } else if (told.done() ? state.isObject() : changes(told)) {
                history.add(new KeyChange(
                        told.operation(),
                        told.time(),
                        told.time() + event.path("duration").asLong(),
                        before,
                        version,
                        told.intent(),
                        told.done() ? "" : event.path("status_code").asText(),
                        told.done() ? state : KeyChange.NOTHING,
                        told.detail()));
                now = told.done() ? state : now;
            }
        }

        private static boolean changes(Happening told) {
            return !refused(told)
                    && KeyOperation.named(told.operation())
                            .filter(KeyOperation::changesState)
                            .isPresent();
        }

        Optional<ObjectNode> input() {
            if (!now.isObject()) {
                return Optional.empty();
            }
            ObjectNode input = JSON.createObjectNode();
            input.set("key", now);
            input.set("history", history.input(now.path("version").asInt(), uses.values()));
            return Optional.of(input);
        }
    }
}
