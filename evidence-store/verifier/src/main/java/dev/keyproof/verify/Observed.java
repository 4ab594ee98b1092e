package dev.keyproof.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A sealed compliance finding, as far as results tell of it: of the entry itself nothing is kept, for there may be one for each rule and
 * key.
 *
 * @param log its log's folder in the pack
 * @param file where its entry stands in the pack
 * @param uuid follows from the entry
 * @param verdict as {@code status_code} words it
 * @param event the finding's uid
 * @param time in ms
 * @param requirements controls, as {@code framework:id}
 * @param policy digest of the policy that it cites; empty if it cites none, like the other digests
 * @param state digest of what the rule was evaluated on
 * @param exception by whose leave the key fails the rule; empty where nobody gave any
 */
record Observed(
        String log,
        long index,
        String file,
        String uuid,
        String rule,
        String key,
        String verdict,
        String title,
        String description,
        String event,
        long time,
        List<String> requirements,
        String policy,
        String data,
        String state,
        String exception) {
    Observed {
        requirements = List.copyOf(requirements);
    }

    /** @param shared gives one and the same text for equal ones, as most of them are in many findings */
    static Observed of(Entry entry, String file, ObjectNode json, UnaryOperator<String> shared) {
        JsonNode compliance = json.path("compliance");
        String rule = shared.apply(compliance.path("control").asText());
        String verdict = shared.apply(compliance.path("status_code").asText("NOT-EVALUATED"));
        JsonNode detail = json.path("unmapped").path("keyproof").path("detail");
        List<String> requirements = new ArrayList<>();
        compliance.path("requirements").forEach(control -> requirements.add(shared.apply(control.asText())));
        return new Observed(
                shared.apply(entry.log()),
                entry.index(),
                shared.apply(file),
                NamedUuid.of(
                        "observation",
                        entry.log(),
                        Long.toString(entry.index()),
                        new String(entry.bytes(), StandardCharsets.UTF_8)),
                rule,
                shared.apply(json.path("resources").path(0).path("uid").asText()),
                verdict,
                shared.apply(json.path("finding_info").path("title").asText(rule)),
                shared.apply(json.path("message").asText(rule + ": " + verdict)),
                json.path("metadata").path("uid").asText(),
                json.path("time").asLong(),
                requirements,
                shared.apply(detail.path("policy").asText()),
                shared.apply(detail.path("data").asText()),
                detail.path("state").asText(),
                shared.apply(RuleException.of(json)));
    }
}
