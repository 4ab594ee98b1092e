package dev.keyproof.broker.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.call.Call;
import dev.keyproof.policy.Decision;
import dev.keyproof.policy.PolicyEngine;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Puts together what policy reads of a call, and asks it. */
public final class Decisions {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final PolicyEngine engine;

    public Decisions(PolicyEngine engine) {
        this.engine = engine;
    }

    /**
     * Decides. Never throws: what cannot be decided is denied.
     *
     * @param key the key's document, shared and not changed; null for a call about no key or an unknown one
     */
    public Verdict decide(Call call, String operation, @Nullable JsonNode key, Ask ask, boolean killSwitch) {
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
    private static ObjectNode time(Instant now) {
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
