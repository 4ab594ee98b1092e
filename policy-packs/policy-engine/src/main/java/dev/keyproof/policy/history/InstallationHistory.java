package dev.keyproof.policy.history;

import static dev.keyproof.policy.history.Bounded.seconds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is remembered of an installation: who approves, what was done by approval, the kill switch, elevations, ceremonies, brokers and
 * their policy, and what brokers tell of themselves. It is {@code installation} in the schema of the rules' input. Used by one thread.
 */
public final class InstallationHistory {
    private static final int MOST_APPROVALS = 128;
    private static final int MOST_APPROVERS = 256;
    private static final int MOST_BROKERS = 64;
    private static final int MOST_CEREMONIES = 16;
    private static final int MOST_ELEVATIONS = 64;
    private static final int MOST_TOLD = 64;
    private static final int MOST_OPEN = 8;

    /** What is remembered though no approval may stand behind it. */
    private static final Set<String> REMEMBERED =
            Set.of("EnrolApprover", "RevokeApprover", "SetKillSwitch", "BreakGlass", "ReviewElevation");

    /** What takes a quorum whatever is asked for: where none is told, nobody approved. */
    private static final Set<String> APPROVED = Set.of(
            "DestroyKey",
            "ScheduleDestruction",
            "ExportBackup",
            "GrantException",
            "PlaceLegalHold",
            "ReleaseLegalHold");

    private static final String TIME = "time";
    private static final String APPROVAL = "approval";
    private static final String APPROVALS = "approvals";
    private static final String APPROVERS = "approvers";
    private static final String FORGOTTEN = "forgottenGlasses";

    private final ObjectNode told;

    private InstallationHistory(ObjectNode told) {
        this.told = told;
    }

    /** What {@link #json} gave once; anything else remembers nothing. */
    public static InstallationHistory of(JsonNode json) {
        return new InstallationHistory(
                json instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode());
    }

    /** Whether there is anything to remember of an event but that an intent is open or is so no more: see {@link #input}. */
    public static boolean concerns(Happening event) {
        return switch (event.kind()) {
            case "service", APPROVAL -> true;
            case "operation" ->
                event.undecided()
                        || (event.done()
                                && (event.byApproval()
                                        || REMEMBERED.contains(event.operation())
                                        || APPROVED.contains(event.operation())));
            default -> false;
        };
    }

    /** Remembers an event. */
    public void add(Happening event) {
        if (!concerns(event)) {
            return;
        }
        long time = seconds(event.time());
        told.put("first", Math.min(told.path("first").asLong(Long.MAX_VALUE), time));
        if (told.path("brokers").path(event.source()) instanceof ObjectNode broker) {
            broker.put("last", Math.max(broker.path("last").asLong(), time));
        }
        if (event.undecided()) {
            Bounded.count(told.withObjectProperty("undecided"), 1, time);
        }
        switch (event.kind()) {
            case "service" -> service(event, time);
            case APPROVAL -> tell(event, time);
            case "operation" -> operation(event, time);
            default -> {}
        }
    }

    private void service(Happening event, long time) {
        tell(event, time);
        switch (event.operation()) {
            case "StartBroker", "ChangePolicy", "RefusePolicy", "RestorePolicy" -> policy(event, time);
            case "StopBroker" -> stopped(event);
            case "EnrolApprover" -> enrol(event, time);
            case "RecordCeremony" -> ceremony(event.detail().path("transcript"), time);
            default -> {}
        }
    }

    /** What a broker decides by, and whether what was put in place is that. */
    private void policy(Happening event, long time) {
        if (!Order.newest(told, "policy " + event.source(), event)) {
            return;
        }
        ObjectNode broker = Bounded.under(told.withObjectProperty("brokers"), event.source(), MOST_BROKERS, "last");
        broker.put("last", Math.max(broker.path("last").asLong(), time));
        switch (event.operation()) {
            case "RefusePolicy" -> broker.put("refused", time);
            case "RestorePolicy" -> broker.remove("refused");
            default -> {
                broker.put("policy", event.detail().path("policy").asText())
                        .put("data", event.detail().path("data").asText())
                        .put("since", time);
                broker.remove("refused");
            }
        }
    }

    /** It decides nothing until it starts again, and then by the policy that it finds. */
    private void stopped(Happening event) {
        if (Order.newest(told, "policy " + event.source(), event)) {
            told.withObjectProperty("brokers").remove(event.source());
        }
    }

    private void tell(Happening event, long time) {
        Bounded.count(Bounded.under(told.withObjectProperty("told"), event.operation(), MOST_TOLD, "last"), 1, time);
    }

    private void operation(Happening event, long time) {
        if (!event.done()) {
            return;
        }
        if (event.byApproval() || APPROVED.contains(event.operation())) {
            approved(event, time);
        }
        switch (event.operation()) {
            case "EnrolApprover" -> enrol(event, time);
            case "RevokeApprover" -> revoke(event);
            case "SetKillSwitch" -> turned(event, time);
            case "ActivateElevation", "BreakGlass" ->
                elevation(event)
                        .put("holder", event.actor())
                        .put("glass", event.operation().equals("BreakGlass"))
                        .put("began", time);
            case "ReviewElevation" -> elevation(event).put("reviewed", time).put("reviewer", event.actor());
            default -> {}
        }
    }

    private void revoke(Happening event) {
        String approver = event.said("approver").asText();
        if (Order.newest(told, "approver " + approver, event)) {
            told.withObjectProperty(APPROVERS).remove(approver);
        }
    }

    private void enrol(Happening event, long time) {
        String name = event.said("approver").asText();
        if (!Order.newest(told, "approver " + name, event)) {
            return;
        }
        ObjectNode approver = Bounded.under(told.withObjectProperty(APPROVERS), name, MOST_APPROVERS, "since");
        approver.removeAll();
        approver.put("since", time);
        approver.set("roles", event.said("roles").deepCopy());
        copy(event, "aaguid", approver);
        copy(event, APPROVAL, approver);
    }

    private static void copy(Happening event, String name, ObjectNode into) {
        if (event.said(name).isTextual()) {
            into.set(name, event.said(name));
        }
    }

    /** The newest last; an outcome that is told again is remembered once. */
    private void approved(Happening event, long time) {
        ArrayNode all = told.withArrayProperty(APPROVALS);
        for (JsonNode known : all) {
            if (known.path("event").asText().equals(event.event())) {
                return;
            }
        }
        ObjectNode approved = all.addObject()
                .put("event", event.event())
                .put("operation", event.operation())
                .put(TIME, time)
                .put("caller", event.actor());
        copy(event, APPROVAL, approved);
        copy(event, "order", approved);
        JsonNode clock = event.detail().path("quorumClock").path("seconds");
        if (clock.isNumber()) {
            approved.set("seconds", clock);
        }
        JsonNode read = event.decision().path("input").path(APPROVALS);
        // An outcome that had to leave out its decision says neither; then nobody is said to have approved.
        if (!event.byApproval()) {
            approved.putArray(APPROVERS);
        } else if (read.path(APPROVERS).isArray()) {
            approved.set("requester", read.path("requester"));
            ArrayNode approvers = approved.putArray(APPROVERS);
            read.path(APPROVERS).forEach(approver -> approvers.add(approver.path("id")));
        }
        while (all.size() > MOST_APPROVALS) {
            all.remove(0);
        }
    }

    private void turned(Happening event, long time) {
        if (Order.newest(told, "switch", event)) {
            ObjectNode now = told.putObject("switch").put(TIME, time);
            now.put("on", event.said("on").asBoolean());
            copy(event, APPROVAL, now);
        }
    }

    /** A broken glass that waits for its review gives way to none but another such, and then that is counted: nobody can review it here. */
    private ObjectNode elevation(Happening event) {
        ObjectNode all = told.withObjectProperty("elevations");
        if (!all.has(event.about()) && all.size() >= MOST_ELEVATIONS) {
            Map.Entry<String, JsonNode> least = all.properties().stream()
                    .min(Comparator.comparing((Map.Entry<String, JsonNode> one) -> waits(one.getValue()))
                            .thenComparingLong(
                                    one -> one.getValue().path("began").asLong()))
                    .orElseThrow();
            all.remove(least.getKey());
            if (waits(least.getValue())) {
                told.put(FORGOTTEN, told.path(FORGOTTEN).asLong() + 1);
            }
        }
        return all.withObjectProperty(event.about());
    }

    private static boolean waits(JsonNode elevation) {
        return elevation.path("glass").asBoolean() && !elevation.has("reviewed");
    }

    private void ceremony(JsonNode transcript, long time) {
        ObjectNode ceremony = Bounded.under(
                        told.withObjectProperty("ceremonies"),
                        transcript.path("id").asText(),
                        MOST_CEREMONIES,
                        TIME)
                .put(TIME, time)
                .put("threshold", transcript.path("threshold").asInt())
                .put("shares", transcript.path("shares").size())
                .put("tokens", transcript.path("tokens").size());
        ArrayNode custodians = ceremony.putArray("custodians");
        transcript.path("shares").forEach(share -> custodians.add(share.path("custodian")));
    }

    /** To be kept. */
    public JsonNode json() {
        return told;
    }

    /**
     * For the rules.
     *
     * @param open the intents of which no outcome was told yet; the oldest few are shown, all are counted
     */
    public ObjectNode input(Iterable<OpenIntent> open) {
        List<OpenIntent> oldest = new ArrayList<>();
        open.forEach(oldest::add);
        oldest.sort(Comparator.comparingLong(OpenIntent::time).thenComparing(OpenIntent::event));
        ObjectNode input = told.deepCopy();
        Order.omit(input);
        ArrayNode shown = input.putObject("open").put("count", oldest.size()).putArray("oldest");
        oldest.stream()
                .limit(MOST_OPEN)
                .forEach(intent -> shown.addObject()
                        .put("event", intent.event())
                        .put("operation", intent.operation())
                        .put(TIME, seconds(intent.time())));
        return input;
    }
}
