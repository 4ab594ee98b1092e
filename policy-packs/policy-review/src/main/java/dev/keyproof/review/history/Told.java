package dev.keyproof.review.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * What one entry of a log tells.
 *
 * @param event all of it, or a missing node where no more was asked than its decisions
 * @param time of the event; empty for what is no event
 * @param kind {@code intent}, {@code operation}, ...; empty where it does not say
 * @param uid of the event
 * @param intent uid of the intent whose outcome it is; empty for none
 * @param decision what was decided, if it carries that
 * @param also what was decided on the other key of a call about two
 * @param without why there may be no decision
 */
record Told(
        JsonNode event,
        OptionalLong time,
        String kind,
        String uid,
        String intent,
        Optional<Decided> decision,
        Optional<Decided> also,
        String without) {
    /** A decision, and how all of its input is had. */
    record Decided(Case asked, Supplier<JsonNode> input) {}
}
