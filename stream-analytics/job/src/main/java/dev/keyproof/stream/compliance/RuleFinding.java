package dev.keyproof.stream.compliance;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A verdict as OCSF Compliance Finding (2003): one finding per rule and what it judges, whatever controls it touches. */
final class RuleFinding {
    private static final int CREATE = 1;
    private static final int UPDATE = 2;
    private static final int CLOSE = 3;
    private static final int ANALYTIC_RULE = 1;

    private static final Findings.Detector NOT_EVALUATED =
            new Findings.Detector("rules-not-evaluated", "Rules could not be evaluated", ANALYTIC_RULE, "1", List.of());

    private RuleFinding() {}

    /** The rules failed on what they were told; every verdict stays as it was. */
    static Emission notEvaluated(Findings findings, Judged judged, String why) {
        return findings.detection(
                NOT_EVALUATED,
                new Findings.Sighting(
                        Uid.of(NOT_EVALUATED.id(), judged.id(), judged.event()),
                        judged.at(),
                        judged.told(),
                        judged.at(),
                        1,
                        Severity.MEDIUM,
                        false,
                        "Rules not evaluated: " + why,
                        about(judged),
                        judged.run(),
                        read(findings, judged)));
    }

    /**
     * A verdict.
     *
     * @param rules how many were evaluated
     * @param before the verdict before this one, null where there was none
     */
    static Emission of(
            Findings findings, Judged judged, int rules, RuleResult result, @Nullable Verdict before, Verdict verdict) {
        long at = judged.at();
        String message = result.title() + ": " + word(result.status()) + byLeave(result);
        ComplianceFinding finding = new ComplianceFinding(
                activity(before, result.status()),
                at,
                result.status() == RuleResult.Status.FAIL ? severity(result.severity()) : Severity.INFORMATIONAL,
                message,
                Metadata.of(uid(result, judged, verdict), Findings.PRODUCT),
                new FindingInfo(
                        Uid.of("compliance", result.rule(), judged.id()),
                        result.title(),
                        result.description(),
                        verdict.first,
                        verdict.since,
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
                List.of(about(judged)),
                findings.unmapped(judged.run(), detail(findings, judged, rules, result, before, verdict)));
        return findings.emission(finding, false, judged.id());
    }

    /** By whose leave it fails; a missing node where nobody gave any. */
    static JsonNode leave(RuleResult result) {
        return result.evidence().path("exception");
    }

    private static String byLeave(RuleResult result) {
        JsonNode leave = leave(result);
        return leave.isObject()
                ? ", by exception " + leave.path("name").asText() + " until "
                        + Instant.ofEpochSecond(leave.path("until").asLong())
                : "";
    }

    private static Resource about(Judged judged) {
        return new Resource(judged.id(), null, judged.subject(), null, null, null, null);
    }

    private static ObjectNode read(Findings findings, Judged judged) {
        ObjectNode read = findings.object().put("event", judged.event());
        if (!judged.state().isEmpty()) {
            read.put("state", judged.state());
        }
        return read.put("history", judged.history());
    }

    private static ObjectNode detail(
            Findings findings, Judged judged, int rules, RuleResult result, @Nullable Verdict before, Verdict verdict) {
        ObjectNode detail = findings.object()
                .put("rule", result.rule())
                .put("version", verdict.version)
                .put("policy", verdict.policy)
                .put("data", verdict.data);
        detail.setAll(read(findings, judged));
        if (before != null) {
            detail.put("before", before.status);
        }
        if (before != null && before.status.equals(verdict.status) && result.status() == RuleResult.Status.FAIL) {
            detail.putObject("persists")
                    .put("since", verdict.since)
                    .put("days", TimeUnit.MILLISECONDS.toDays(judged.at() - verdict.since));
        }
        detail.putObject("population").put(judged.subject() + "s", 1).put("rules", rules);
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

    /** What was forgotten and comes back counts its verdicts anew. */
    private static String uid(RuleResult result, Judged judged, Verdict verdict) {
        return judged.since() == 0
                ? Uid.of("compliance", result.rule(), judged.id(), verdict.version)
                : Uid.of("compliance", result.rule(), judged.id(), verdict.version, judged.since());
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
