package dev.keyproof.broker.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.call.Caller;
import dev.keyproof.broker.policy.PolicyInForce;
import dev.keyproof.policy.Decision;
import dev.keyproof.policy.PolicyTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Puts together what policy reads of a call, and asks it. Thread-safe. */
public final class Decisions {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final PolicyInForce policy;
    private final Networks networks;
    private volatile Second second = Second.of(Instant.EPOCH);

    public Decisions(PolicyInForce policy, Networks networks) {
        this.policy = policy;
        this.networks = networks;
    }

    /** Policy reads time in whole seconds. The calendar's fields come with the input, for it has no clock and a replay must read the same. */
    private record Second(long epoch, ObjectNode fields) {
        static Second of(Instant at) {
            Instant now = at.truncatedTo(ChronoUnit.SECONDS);
            return new Second(now.getEpochSecond(), PolicyTime.of(now.toEpochMilli()));
        }
    }

    /** How often a decision was remembered. */
    public long remembered() {
        return policy.remembered();
    }

    /** How often policy was evaluated. */
    public long evaluated() {
        return policy.evaluated();
    }

    /** Names what decides: the digests of policy and data. */
    public String inForce() {
        return policy.policyDigest() + " " + policy.dataDigest();
    }

    /**
     * Decides. Never throws: what cannot be decided is denied.
     *
     * @param key the key's document, shared and not changed; null for a call about no key or an unknown one
     * @param hat the hat that the caller wears on the key, if that is known
     * @param elevations those of the caller that stand and cover the key; null for none
     */
    public Verdict decide(
            Call call,
            String operation,
            @Nullable JsonNode key,
            Ask ask,
            boolean killSwitch,
            @Nullable String hat,
            @Nullable JsonNode elevations) {
        ObjectNode input = JSON.objectNode();
        input.put("operation", operation);
        input.put("killSwitch", killSwitch);
        input.set("actor", actor(call.caller(), hat));
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
        Long system = networks.system(call.address());
        if (system != null) {
            request.put("asn", system);
        }
        if (ask.change() != null) {
            request.set("change", ask.change());
        } else if (call.change() != null) {
            request.putObject("change").put("id", call.change());
        }
        if (ask.approvals() != null) {
            input.set("approvals", ask.approvals());
        }
        if (elevations != null) {
            input.set("elevations", elevations);
        }
        if (ask.elevation() != null) {
            input.set("elevation", ask.elevation());
        }
        input.set("time", time(call.started()));
        Decision decision = policy.authorise(input);
        return new Verdict(decision, decision.recorded(input));
    }

    private static ObjectNode actor(Caller caller, @Nullable String hat) {
        ObjectNode actor = JSON.objectNode()
                .put("id", caller.id())
                .put("method", caller.method().json());
        caller.roles().forEach(actor.putArray("roles")::add);
        if (!caller.groups().isEmpty()) {
            caller.groups().forEach(actor.putArray("groups")::add);
        }
        if (caller.posture() != null) {
            actor.put("posture", caller.posture());
        }
        if (hat != null) {
            actor.put("hat", hat);
        }
        return actor;
    }

    private ObjectNode time(Instant at) {
        Second now = second;
        if (now.epoch() != at.getEpochSecond()) {
            now = Second.of(at);
            second = now;
        }
        return now.fields();
    }
}
