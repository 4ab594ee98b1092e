package dev.keyproof.broker.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.call.Caller;
import dev.keyproof.policy.Decision;
import dev.keyproof.policy.PolicyEngine;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Puts together what policy reads of a call, and asks it. Thread-safe. */
public final class Decisions {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final PolicyEngine engine;
    private volatile Second second = new Second(-1, new ConcurrentHashMap<>());

    public Decisions(PolicyEngine engine) {
        this.engine = engine;
    }

    /**
     * What was decided in a second. Policy reads time in whole seconds, so within one the same question is the same input,
     * and its answer the same.
     */
    private record Second(long epoch, ConcurrentMap<Question, Verdict> verdicts) {}

    /** All that an input is made of, for a call without parameters and approvals. */
    private record Question(
            String operation,
            Caller caller,
            String source,
            Same key,
            boolean killSwitch,
            int batch,
            List<String> names) {}

    /** A key's document by its identity: it is made anew when the key changes. */
    private static final class Same {
        private final @Nullable JsonNode document;

        Same(@Nullable JsonNode document) {
            this.document = document;
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // The same object, and not one that looks like it.
        public boolean equals(@Nullable Object other) {
            return other instanceof Same same && same.document == document;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(document);
        }
    }

    /**
     * Decides. Never throws: what cannot be decided is denied.
     *
     * @param key the key's document, shared and not changed; null for a call about no key or an unknown one
     */
    public Verdict decide(Call call, String operation, @Nullable JsonNode key, Ask ask, boolean killSwitch) {
        if (!ask.plain()) {
            return decideAnew(call, operation, key, ask, killSwitch);
        }
        long epoch = call.started().getEpochSecond();
        Second now = second;
        if (now.epoch() != epoch) {
            now = new Second(epoch, new ConcurrentHashMap<>());
            second = now;
        }
        Question question = new Question(
                operation,
                call.caller(),
                call.address(),
                new Same(key),
                killSwitch,
                ask.batch(),
                List.copyOf(ask.contextNames()));
        Verdict known = now.verdicts().get(question);
        if (known != null) {
            return known;
        }
        Verdict verdict = decideAnew(call, operation, key, ask, killSwitch);
        if (!verdict.decision().reasons().contains(Decision.ERROR)) {
            now.verdicts().put(question, verdict);
        }
        return verdict;
    }

    private Verdict decideAnew(Call call, String operation, @Nullable JsonNode key, Ask ask, boolean killSwitch) {
        ObjectNode input = JSON.objectNode();
        input.put("operation", operation);
        input.put("killSwitch", killSwitch);
        ObjectNode actor = input.putObject("actor").put("id", call.caller().id());
        ArrayNode roles = actor.putArray("roles");
        call.caller().roles().forEach(roles::add);
        if (key != null) {
            input.set("key", key);
        }
        ObjectNode request = input.putObject("request").put("source", call.address());
        request.put("batch", ask.batch());
        if (!ask.contextNames().isEmpty()) {
            ArrayNode names = request.putArray("context");
            ask.contextNames().forEach(names::add);
        }
        if (ask.algorithm() != null) {
            request.put("algorithm", ask.algorithm());
        }
        if (ask.purpose() != null) {
            request.put("purpose", ask.purpose());
        }
        if (ask.parameters() != null) {
            request.set("parameters", ask.parameters());
        }
        if (ask.approvals() != null) {
            input.set("approvals", ask.approvals());
        }
        input.set("time", time(call.started()));
        Decision decision = engine.authorise(input);
        return new Verdict(decision, decision.recorded(input));
    }

    /** Calendar fields come with the input, since the policy has no clock and a replay must read the same. */
    private static ObjectNode time(Instant at) {
        Instant now = at.truncatedTo(ChronoUnit.SECONDS);
        ZonedDateTime utc = now.atZone(ZoneOffset.UTC);
        return JSON.objectNode()
                .put("epoch", now.getEpochSecond())
                .put("rfc3339", now.toString())
                .put(
                        "weekday",
                        utc.getDayOfWeek()
                                .getDisplayName(TextStyle.SHORT, Locale.ROOT)
                                .toLowerCase(Locale.ROOT))
                .put("hour", utc.getHour());
    }
}
