package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A role or a hat that somebody was lent for some time. Its terms are signed as a whole and stand in the outcome; policy is told only
 * some of them.
 *
 * @param terms what is signed
 * @param began id of the elevation that the outcome is about
 * @param asked what policy was told of the terms
 * @param subject what policy was told of the elevation: its id and its holder
 * @param until when it ends, as the outcome says; nothing in one that was found done after an interruption
 * @param breakGlass whether the holder alone signs for it
 */
record Elevation(ObjectNode terms, String began, JsonNode asked, JsonNode subject, String until, boolean breakGlass) {
    /** The outcome bears the time at which the call came in, and the elevation begins a little later. */
    private static final Duration LATER = Duration.ofMinutes(1);

    private static final String BREAK_GLASS = "BreakGlass";
    private static final List<String> TERMS =
            List.of("elevation", "role", "hat", "minutes", "reason", "breakGlass", "scope");

    /** Whether the operation lends something, which it does on a signature whatever policy says. */
    static boolean isBegunBy(String operation) {
        return operation.equals("ActivateElevation") || operation.equals(BREAK_GLASS);
    }

    /** The elevation that an outcome began; empty if it is one of another operation. */
    static Optional<Elevation> of(JsonNode event, JsonNode detail, JsonNode input) {
        String operation = event.path("api").path("operation").asText();
        if (!isBegunBy(operation)) {
            return Optional.empty();
        }
        // What was found done after an interruption repeats its intent apart.
        JsonNode stated = detail.has("elevation") ? detail : detail.path("intent");
        ObjectNode terms = CanonicalJson.MAPPER.createObjectNode();
        for (String term : TERMS) {
            if (stated.has(term)) {
                terms.set(term, stated.get(term));
            }
        }
        return Optional.of(new Elevation(
                terms,
                event.path("resources").path(0).path("uid").asText(),
                input.path("request").path("parameters"),
                input.path("elevation"),
                detail.path("until").asText(),
                operation.equals(BREAK_GLASS)));
    }

    /** Whether it ends when its minutes are over. */
    boolean endsInTime(long beganMillis) {
        if (until.isEmpty()) {
            return true;
        }
        try {
            Instant latest = Instant.ofEpochMilli(beganMillis)
                    .plus(Duration.ofMinutes(terms.path("minutes").asLong()))
                    .plus(LATER);
            return !Instant.parse(until).isAfter(latest);
        } catch (DateTimeException | ArithmeticException e) {
            return false;
        }
    }

    /** Whether policy decided on these terms, for this requester, and what began is what they are of. */
    boolean isWhatPolicyDecidedOn(String requester) {
        String id = terms.path("elevation").asText();
        ObjectNode told = CanonicalJson.MAPPER.createObjectNode();
        for (String term : List.of("role", "hat", "minutes", "breakGlass")) {
            if (terms.has(term)) {
                told.set(term, terms.get(term));
            }
        }
        told.put("keys", terms.path("scope").path("keys").size());
        return told.equals(asked)
                && terms.path("breakGlass").asBoolean() == breakGlass
                && began.equals(id)
                && subject.path("id").asText().equals(id)
                && subject.path("holder").asText().equals(requester);
    }
}
