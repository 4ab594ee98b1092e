package dev.keyproof.verify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code results/population.json}: for each control of each framework in the policies of a pack, on how many keys it could have been
 * judged and on how many it was. A key whose state the scope tells, or that a finding is about, is in scope; what no verdict in the scope
 * covers is NOT-EVALUATED, and so is a control that nobody evaluated at all.
 */
public final class Population {
    /** Its name in the pack. */
    public static final String NAME = "results/population.json";

    private final SortedSet<String> keys;
    private final List<OfControl> controls;

    private Population(SortedSet<String> keys, List<OfControl> controls) {
        this.keys = keys;
        this.controls = controls;
    }

    /** How a key stands, the verdict first that decides. */
    public enum Standing {
        FAIL,
        NOT_EVALUATED,
        PASS,
        NOT_APPLICABLE;

        /** As findings carry it. */
        public String word() {
            return name().replace('_', '-');
        }

        /** A word that no rule says leaves open what was found. */
        static Standing of(String word) {
            for (Standing one : values()) {
                if (one.word().equals(word)) {
                    return one;
                }
            }
            return NOT_EVALUATED;
        }
    }

    /**
     * Of one control.
     *
     * @param control its framework and id
     * @param stated what the policies say of it; empty where only findings name it
     * @param keys how many stand how; each key in scope counts once
     * @param inputs what the verdicts were reached on
     */
    public record OfControl(
            String control, Optional<PolicyBundle.Control> stated, Map<Standing, Long> keys, Inputs inputs) {
        public long count(Standing standing) {
            return keys.getOrDefault(standing, 0L);
        }

        /** Keys in scope. */
        public long inScope() {
            return keys.values().stream().mapToLong(Long::longValue).sum();
        }

        /** Keys on which every rule of the control was evaluated, or one failed. */
        public long evaluated() {
            return inScope() - count(Standing.NOT_EVALUATED);
        }

        /** The gravest of all keys; without any nothing was evaluated. */
        public Standing standing() {
            for (Standing one : Standing.values()) {
                if (count(one) > 0) {
                    return one;
                }
            }
            return Standing.NOT_EVALUATED;
        }

        private ObjectNode json() {
            ObjectNode json = CanonicalJson.MAPPER.createObjectNode().put("control", control);
            ArrayNode rules = json.putArray("rules");
            stated.ifPresent(policy -> policy.rules().forEach(rules::add));
            stated.flatMap(PolicyBundle.Control::person).ifPresent(person -> json.put("person", person));
            json.putObject("keys").put("inScope", inScope()).put("evaluated", evaluated());
            ObjectNode verdicts = json.putObject("verdicts");
            for (Standing one : Standing.values()) {
                verdicts.put(one.word(), count(one));
            }
            json.put("standing", standing().word());
            json.set("inputs", inputs.json());
            return json;
        }
    }

    /** Digests, as the verdicts cite them: of policies, of data sets, and of the states of keys that rules were evaluated on. */
    public record Inputs(SortedSet<String> policies, SortedSet<String> dataSets, SortedSet<String> states) {
        private static Inputs of(Collection<Map<String, Observed>> verdicts) {
            return new Inputs(
                    cited(verdicts, Observed::policy),
                    cited(verdicts, Observed::data),
                    cited(verdicts, Observed::state));
        }

        private static SortedSet<String> cited(
                Collection<Map<String, Observed>> verdicts, Function<Observed, String> what) {
            return verdicts.stream()
                    .flatMap(byRule -> byRule.values().stream())
                    .map(what)
                    .filter(digest -> !digest.isEmpty())
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        private ObjectNode json() {
            ObjectNode json = CanonicalJson.MAPPER.createObjectNode();
            policies.forEach(json.putArray("policies")::add);
            dataSets.forEach(json.putArray("dataSets")::add);
            json.set("states", listed(states));
            return json;
        }
    }

    /** {@code newest} are the latest verdicts of each rule on each key, {@code stated} the controls by their names. */
    static Population of(
            Collection<Observed> newest,
            Map<String, PolicyBundle.Control> stated,
            Collection<String> keysWithState,
            Scope scope) {
        TreeSet<String> keys = new TreeSet<>(keysWithState);
        TreeMap<String, Map<String, Map<String, Observed>>> verdicts = new TreeMap<>();
        stated.keySet().stream()
                .filter(scope::asksForControl)
                .forEach(control -> verdicts.put(control, new HashMap<>()));
        for (Observed one : newest) {
            if (!one.key().isEmpty()) {
                keys.add(one.key());
            }
            for (String control : one.requirements()) {
                if (!control.isBlank() && scope.asksForControl(control)) {
                    verdicts.computeIfAbsent(control, name -> new HashMap<>())
                            // Of a finding on no key in particular the inputs count, and no key does.
                            .computeIfAbsent(one.key(), key -> new HashMap<>())
                            .put(one.rule(), one);
                }
            }
        }
        List<OfControl> controls = new ArrayList<>();
        verdicts.forEach((control, byKey) -> {
            PolicyBundle.Control policy = stated.get(control);
            EnumMap<Standing, Long> counts = new EnumMap<>(Standing.class);
            keys.forEach(key -> counts.merge(standing(policy, byKey.getOrDefault(key, Map.of())), 1L, Long::sum));
            controls.add(new OfControl(control, Optional.ofNullable(policy), counts, Inputs.of(byKey.values())));
        });
        return new Population(keys, List.copyOf(controls));
    }

    private static Standing standing(PolicyBundle.@Nullable Control stated, Map<String, Observed> byRule) {
        TreeSet<Standing> found = new TreeSet<>();
        byRule.values().forEach(one -> found.add(Standing.of(one.verdict())));
        if (byRule.isEmpty() || (stated != null && !byRule.keySet().containsAll(stated.rules()))) {
            found.add(Standing.NOT_EVALUATED);
        }
        return found.first();
    }

    /** By name. */
    public List<OfControl> controls() {
        return controls;
    }

    /** The document. */
    byte[] bytes() {
        ObjectNode json = CanonicalJson.MAPPER.createObjectNode();
        json.set("keys", listed(keys));
        ArrayNode list = json.putArray("controls");
        controls.forEach(control -> list.add(control.json()));
        return CanonicalJson.bytes(json);
    }

    /** How many, and the SHA-256 of all of them in order, one a line. */
    private static ObjectNode listed(SortedSet<String> all) {
        String lines = all.stream().map(one -> one + "\n").collect(Collectors.joining());
        return CanonicalJson.MAPPER
                .createObjectNode()
                .put("count", all.size())
                .put("sha256", Digests.hex(lines.getBytes(StandardCharsets.UTF_8)));
    }
}
