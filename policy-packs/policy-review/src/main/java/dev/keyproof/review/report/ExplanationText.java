package dev.keyproof.review.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.policy.Decision;

/** One decision for a person: the word, the reasons, and each check with what it saw and what is asked of it; what failed comes first. */
public final class ExplanationText {
    private ExplanationText() {}

    /** @param explanation as {@link dev.keyproof.policy.PolicyEngine#explain} gives it */
    public static String of(JsonNode input, Decision decision, JsonNode explanation) {
        StringBuilder text = new StringBuilder(decision.allow() ? "allowed: " : "denied: ");
        text.append(line(input.path("operation"))).append(" by ").append(line(input.at("/actor/id")));
        if (input.at("/key/id").isTextual()) {
            text.append(" on ").append(line(input.at("/key/id")));
        }
        text.append("\n  reasons      ").append(String.join(", ", decision.reasons()));
        text.append("\n  obligations  ").append(decision.result().path("obligations"));
        text.append("\n  policy       ").append(decision.policyDigest());
        text.append("\n  data         ").append(decision.dataDigest()).append('\n');
        for (boolean holds : new boolean[] {false, true}) {
            for (JsonNode check : explanation.path("checks")) {
                if (check.path("holds").asBoolean() == holds) {
                    check(text, check);
                }
            }
        }
        if (!explanation.path("told").isEmpty()) {
            text.append("\nthe caller may be told\n");
            explanation.path("told").forEach(told -> {
                text.append("  ").append(line(told.path("code"))).append('\n');
                values(text, told);
            });
        }
        return text.toString();
    }

    private static void check(StringBuilder text, JsonNode check) {
        text.append(check.path("holds").asBoolean() ? "\n  holds  " : "\n  FAILS  ")
                .append(line(check.path("code")))
                .append('\n');
        values(text, check);
    }

    private static void values(StringBuilder text, JsonNode check) {
        check.path("read").properties().forEach(value -> value(text, "input ", value.getKey(), value.getValue()));
        check.path("asked").properties().forEach(value -> value(text, "asked ", value.getKey(), value.getValue()));
    }

    private static void value(StringBuilder text, String whose, String path, JsonNode value) {
        text.append("           ")
                .append(whose)
                .append(path)
                .append(" = ")
                .append(value)
                .append('\n');
    }

    /** What events say is anybody's text: it stays in its line. */
    private static String line(JsonNode text) {
        return text.asText().replaceAll("\\p{Cntrl}", "?");
    }
}
