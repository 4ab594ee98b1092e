package dev.keyproof.policy.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * An event of a broker, as the memory of an installation and of its tokens reads it.
 *
 * @param event its uid
 * @param source the broker
 * @param place where it stands in the broker's journal
 * @param kind {@code operation}, {@code intent}, {@code approval}, {@code service} or {@code refusals}
 * @param time milliseconds since 1970
 * @param actor the caller; empty where the broker acted of itself
 * @param about uid of what it is about; empty where the event names nothing
 * @param intent uid of the intent that it completes; empty where there is none
 * @param decision missing where none is told
 * @param detail missing where it says nothing more
 */
public record Happening(
        String event,
        String source,
        long place,
        String kind,
        String operation,
        long time,
        boolean done,
        String actor,
        String about,
        String intent,
        JsonNode decision,
        JsonNode detail) {
    static final String BROKER = "keyproof-broker";

    /** Empty where another than a broker tells it. */
    public static Optional<Happening> of(JsonNode event) {
        if (!event.path("api").path("service").path("name").asText().equals(BROKER)) {
            return Optional.empty();
        }
        JsonNode extension = event.path("unmapped").path("keyproof");
        return Optional.of(new Happening(
                event.path("metadata").path("uid").asText(),
                event.path("metadata").path("source").asText(),
                event.path("metadata").path("sequence").asLong(),
                extension.path("kind").asText(),
                event.path("api").path("operation").asText(),
                event.path("time").asLong(),
                event.path("status_id").asInt() == 1,
                event.path("actor").path("user").path("uid").asText(),
                event.path("resources").path(0).path("uid").asText(),
                extension.path("intent").asText(),
                extension.path("decision"),
                extension.path("detail")));
    }

    /** Whether it says something of a broker and not only of a key. */
    public boolean isOfBroker() {
        boolean call = kind.equals("operation") || kind.equals("observed");
        return !call || !intent.isEmpty() || undecided();
    }

    /** The token that the event is about; empty where it is about none. */
    public String token() {
        return kind.equals("service") ? detail.path("token").asText() : "";
    }

    /** Whether policy could not decide: an error of its own, or no answer. */
    boolean undecided() {
        for (JsonNode reason : decision.path("result").path("reasons")) {
            if (reason.asText().equals("error") || reason.asText().equals("undefined")) {
                return true;
            }
        }
        return false;
    }

    /** Whether it was done by approval, with its signatures or on an order that had them; who only asks for one names it as well. */
    boolean byApproval() {
        return said("approval").isTextual()
                && (said("jws").isArray() || said("order").isTextual());
    }

    /** What the record says under that name; an outcome that was settled after a crash says some of it under its intent. */
    JsonNode said(String name) {
        return detail.has(name) ? detail.path(name) : detail.path("intent").path(name);
    }
}
