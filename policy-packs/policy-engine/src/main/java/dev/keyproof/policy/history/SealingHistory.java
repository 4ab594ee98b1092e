package dev.keyproof.policy.history;

import static dev.keyproof.policy.history.Bounded.seconds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a sealed log says of itself: {@code log} in the schema of the rules' input, but for its id. It is folded from all entries of the
 * log in their order, also from those that are no events. Used by one thread.
 */
public final class SealingHistory {
    private static final int MOST_FOUND = 32;
    private static final int MOST_OPEN = 64;
    private static final int MOST_POLICIES = 256;
    private static final int ACTIVITY = 6003;
    private static final int FINDINGS_FROM = 2003;
    private static final int FINDINGS_TO = 2004;

    /** What the log gives its own findings as uids; it seals nobody else's under such a one. */
    private static final String CONTINUITY = "continuity-";

    private static final String OF_LOG = "log-";

    private static final String ANALYTIC = "keyproof-";
    private static final String GAPS = "gaps";
    private static final String UNATTESTED = "unattested";
    private static final String FROM = "from";
    private static final String LAST = "last";

    private final ObjectNode told;

    private SealingHistory(ObjectNode told) {
        this.told = told;
    }

    /** What {@link #json} gave once; anything else remembers nothing. */
    public static SealingHistory of(JsonNode json) {
        return new SealingHistory(json instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode());
    }

    /** Remembers the next entry, of a time in milliseconds since 1970. Whether it says anything of the log itself. */
    public boolean add(JsonNode entry, long milliseconds) {
        long time = seconds(milliseconds);
        told.put("first", Math.min(told.path("first").asLong(Long.MAX_VALUE), time));
        return switch (entry.path("keyproof").asText()) {
            case "quarantine/v1" -> {
                Bounded.count(told.withObjectProperty("setAside"), 1, time);
                arrived(entry.path("source"), entry.path("epoch"), entry.path("sequence"));
                yield true;
            }
            case "attestation/v1" -> {
                ended(
                        UNATTESTED,
                        source(entry.path("source"), entry.path("epoch")),
                        entry.path("to").asLong() - 1);
                yield true;
            }
            case "policy/v1" -> {
                policy(entry.path("policy").asText(), time).put("kept", true);
                yield true;
            }
            default -> event(entry, time);
        };
    }

    private boolean event(JsonNode event, long time) {
        int kind = event.path("class_uid").asInt();
        if (kind == ACTIVITY) {
            activity(event, time);
            return false;
        }
        return kind >= FINDINGS_FROM && kind <= FINDINGS_TO && finding(event, time);
    }

    private boolean finding(JsonNode finding, long time) {
        String uid = finding.path("metadata").path("uid").asText();
        if (!uid.startsWith(CONTINUITY) && !uid.startsWith(OF_LOG)) {
            return false;
        }
        String analytic =
                finding.path("finding_info").path("analytic").path("uid").asText();
        String found = analytic.startsWith(ANALYTIC) ? analytic.substring(ANALYTIC.length()) : uid;
        switch (found) {
            case CONTINUITY + "gap" -> broken(GAPS, finding, time);
            case CONTINUITY + UNATTESTED -> broken(UNATTESTED, finding, time);
            default -> Bounded.count(Bounded.under(told.withObjectProperty("found"), found, MOST_FOUND, LAST), 1, time);
        }
        return true;
    }

    private void broken(String how, JsonNode finding, long time) {
        JsonNode detail = finding.path("unmapped").path("keyproof").path("detail");
        Bounded.under(
                        told.withObjectProperty(how),
                        source(detail.path("source"), detail.path("epoch")),
                        MOST_OPEN,
                        "time")
                .put(FROM, detail.path("sequence").asLong())
                .put("time", time);
    }

    private static String source(JsonNode source, JsonNode epoch) {
        return source.asText() + " " + epoch.asText();
    }

    /** What came late fills the gap: of what else is missing there the log says so anew. */
    private void arrived(JsonNode source, JsonNode epoch, JsonNode sequence) {
        if (!told.path(GAPS).isEmpty() && sequence.isNumber()) {
            String name = source(source, epoch);
            if (told.path(GAPS).path(name).path(FROM).asLong() == sequence.asLong()) {
                ended(GAPS, name, sequence.asLong());
            }
        }
    }

    private void ended(String how, String source, long upTo) {
        if (told.path(how) instanceof ObjectNode broken
                && broken.has(source)
                && broken.path(source).path(FROM).asLong() <= upTo) {
            broken.remove(source);
        }
    }

    private void activity(JsonNode event, long time) {
        JsonNode ours = event.path("unmapped").path("keyproof");
        JsonNode metadata = event.path("metadata");
        arrived(metadata.path("source"), ours.path("epoch"), metadata.path("sequence"));
        String kind = ours.path("kind").asText();
        if (kind.equals("operation") || kind.equals("observed")) {
            JsonNode actor = event.path("actor");
            lacking("who", isSaid(actor.path("user").path("uid")) || isSaid(actor.path("invoked_by")), time);
            lacking("what", isSaid(event.path("api").path("operation")), time);
            lacking("when", event.path("time").asLong() > 0, time);
            lacking("where", isSaid(metadata.path("source")), time);
            lacking("from", !event.path("src_endpoint").isEmpty(), time);
            int status = event.path("status_id").asInt();
            lacking("how", status == 1 || status == 2, time);
        }
        String policy = ours.path("decision").path("policy").asText();
        if (!policy.isEmpty()
                && event.path("api").path("service").path("name").asText().equals(Happening.BROKER)) {
            policy(policy, time);
        }
    }

    private static boolean isSaid(JsonNode text) {
        return text.isTextual() && !text.textValue().isEmpty();
    }

    private void lacking(String what, boolean said, long time) {
        if (!said) {
            Bounded.count(told.withObjectProperty("lacking").withObjectProperty(what), 1, time);
        }
    }

    private ObjectNode policy(String digest, long time) {
        ObjectNode policy = Bounded.under(told.withObjectProperty("policies"), digest, MOST_POLICIES, LAST);
        return policy.put(LAST, Math.max(policy.path(LAST).asLong(), time));
    }

    /** To be kept. */
    public JsonNode json() {
        return told;
    }

    /**
     * For the rules.
     *
     * @param whole whether all entries of the log were remembered: of a part nothing can be said
     */
    public ObjectNode input(String log, boolean whole) {
        ObjectNode input = told.deepCopy().put("id", log);
        if (!whole) {
            input.remove("first");
        }
        return input;
    }
}
