package dev.keyproof.policy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What one rule says of what it judges: a key, an account, an installation or a token. One flaw is one result, which names all controls that it touches.
 *
 * @param rule the rule's name, {@code subject/rule}
 * @param severity {@code informational}, {@code low}, {@code medium}, {@code high} or {@code critical}
 * @param evidence what the rule looked at, and for a failure what it found
 */
public record RuleResult(
        String rule,
        Status status,
        String title,
        String description,
        String severity,
        List<Control> controls,
        String remediation,
        JsonNode evidence) {

    public RuleResult {
        controls = List.copyOf(controls);
    }

    /** A rule's verdict. */
    public enum Status {
        PASS,
        FAIL,
        @JsonProperty("NOT-APPLICABLE")
        NOT_APPLICABLE,
        @JsonProperty("NOT-EVALUATED")
        NOT_EVALUATED
    }

    /** A control of a framework, for instance {@code pci-dss}, {@code 4.0.1}, {@code 3.7.4}. */
    public record Control(String framework, String version, String id) {}
}
