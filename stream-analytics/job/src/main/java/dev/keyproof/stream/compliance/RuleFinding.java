package dev.keyproof.stream.compliance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.event.Compliance;
import dev.keyproof.event.ComplianceFinding;
import dev.keyproof.event.FindingInfo;
import dev.keyproof.event.Metadata;
import dev.keyproof.event.Resource;
import dev.keyproof.event.Severity;
import dev.keyproof.policy.RuleResult;
import dev.keyproof.policy.RuleResult.Control;
import dev.keyproof.stream.emit.Emission;
import dev.keyproof.stream.emit.Findings;
import dev.keyproof.stream.emit.Uid;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A changed verdict as OCSF Compliance Finding (2003): one finding per rule and key, whatever controls it touches. */
final class RuleFinding {
    private static final int CREATE = 1;
    private static final int UPDATE = 2;
    private static final int CLOSE = 3;
    private static final int ANALYTIC_RULE = 1;

    private static final Findings.Detector NOT_EVALUATED = new Findings.Detector(
            "rules-not-evaluated", "Rules could not be evaluated on a key", ANALYTIC_RULE, "1", List.of());

    private RuleFinding() {}

    /** The rules failed on this state; every verdict on the key stays as it was. */
    static Emission notEvaluated(Findings findings, KeyState state, long at, String why) {
        return findings.detection(
                NOT_EVALUATED,
                new Findings.Sighting(
                        Uid.of(NOT_EVALUATED.id(), state.key, state.event),
                        at,
                        state.time,
                        at,
                        1,
                        Severity.MEDIUM,
                        false,
                        "Rules not evaluated: " + why,
                        Resource.key(state.key, null, null),
                        state.run,
                        findings.object().put("event", state.event).put("state", Uid.digest(state.json))));
    }

    /**
     * What was looked at.
     *
     * @param history digest of what the rules were told of the key's past
     * @param rules how many were evaluated
     */
    record Reviewed(KeyState state, String history, long at, int rules) {}

    /** @param before the verdict before this one, null where there was none */
    static Emission of(
            Findings findings, Reviewed reviewed, RuleResult result, @Nullable Verdict before, Verdict verdict) {
        KeyState state = reviewed.state();
        long at = reviewed.at();
        String message = result.title() + ": " + word(result.status());
        ComplianceFinding finding = new ComplianceFinding(
                activity(before, result.status()),
                at,
                result.status() == RuleResult.Status.FAIL ? severity(result.severity()) : Severity.INFORMATIONAL,
                message,
                Metadata.of(Uid.of("compliance", result.rule(), state.key, verdict.version), Findings.PRODUCT),
                new FindingInfo(
                        Uid.of("compliance", result.rule(), state.key),
                        result.title(),
                        result.description(),
                        verdict.first,
                        verdict.first,
                        at,
                        List.of(result.rule()),
                        new FindingInfo.Analytic(result.title(), result.rule(), ANALYTIC_RULE, null)),
                new Compliance(
                        result.rule(),
                        result.controls().stream()
                                .map(RuleFinding::standard)
                                .distinct()
                                .sorted()
                                .toList(),
                        result.controls().stream()
                                .map(control -> control.framework() + ":" + control.id())
                                .distinct()
                                .sorted()
                                .toList(),
                        status(result.status()),
                        word(result.status()),
                        null,
                        result.description()),
                result.remediation().isEmpty() ? null : new ComplianceFinding.Remediation(result.remediation()),
                List.of(Resource.key(state.key, null, null)),
                findings.unmapped(state.run, detail(findings, reviewed, result, before, verdict)));
        return findings.emission(finding, false, state.key);
    }

    private static ObjectNode detail(
            Findings findings, Reviewed reviewed, RuleResult result, @Nullable Verdict before, Verdict verdict) {
        ObjectNode detail = findings.object()
                .put("rule", result.rule())
                .put("version", verdict.version)
                .put("policy", verdict.policy)
                .put("data", verdict.data)
                .put("event", reviewed.state().event)
                .put("state", Uid.digest(reviewed.state().json))
                .put("history", reviewed.history());
        if (before != null) {
            detail.put("before", before.status);
        }
        detail.putObject("population").put("keys", 1).put("rules", reviewed.rules());
        detail.set("evidence", result.evidence());
        return detail;
    }

    private static int activity(@Nullable Verdict before, RuleResult.Status status) {
        if (before == null) {
            return CREATE;
        }
        boolean failed = before.status.equals(RuleResult.Status.FAIL.name());
        return failed && status != RuleResult.Status.FAIL ? CLOSE : UPDATE;
    }

    private static String standard(Control control) {
        return control.framework() + " " + control.version();
    }

    private static Compliance.Result status(RuleResult.Status status) {
        return switch (status) {
            case PASS -> Compliance.Result.PASS;
            case FAIL -> Compliance.Result.FAIL;
            case NOT_APPLICABLE, NOT_EVALUATED -> Compliance.Result.OTHER;
        };
    }

    private static String word(RuleResult.Status status) {
        return status.name().replace('_', '-');
    }

    private static Severity severity(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "informational" -> Severity.INFORMATIONAL;
            case "low" -> Severity.LOW;
            case "medium" -> Severity.MEDIUM;
            case "high" -> Severity.HIGH;
            case "critical" -> Severity.CRITICAL;
            default -> Severity.UNKNOWN;
        };
    }
}
