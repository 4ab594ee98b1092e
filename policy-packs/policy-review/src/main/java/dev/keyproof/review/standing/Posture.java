package dev.keyproof.review.standing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.policy.RuleResult;
import dev.keyproof.review.history.Place;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * How all that the rules judge stood at a moment, by what the record says until then and by one policy.
 *
 * @param at milliseconds since 1970
 * @param policy digest of the bundle whose rules judged
 * @param data digest of the data that they read
 * @param subjects how many the record knew, by kind
 * @param rules how many of them got which verdict, by the rules' names
 * @param controls the same by the control that the rules answer, {@code framework:id}
 * @param findings what failed, in the order of rules and subjects
 */
public record Posture(
        long at,
        String policy,
        String data,
        Map<String, Long> subjects,
        Map<String, Map<Verdict, Long>> rules,
        Map<String, Map<Verdict, Long>> controls,
        List<Finding> findings) {
    /**
     * A rule that a subject failed.
     *
     * @param subject its kind
     * @param told where the record told of it last
     * @param since since when; empty where nobody looked
     * @param exception by whose leave it failed; a missing node where nobody gave leave
     */
    public record Finding(
            String rule,
            String subject,
            String id,
            String severity,
            JsonNode faults,
            JsonNode exception,
            Place told,
            Optional<Since> since) {}

    /**
     * Since when something fails.
     *
     * @param at it fails at least since then, milliseconds since 1970
     * @param passed when it was last seen not to fail; empty where it failed as soon as anything was told of it
     */
    public record Since(long at, OptionalLong passed) {}

    public Posture {
        findings = List.copyOf(findings);
    }

    /** The same, and since when each finding is one. */
    Posture since(Function<Finding, Optional<Since>> since) {
        return new Posture(
                at,
                policy,
                data,
                subjects,
                rules,
                controls,
                findings.stream()
                        .map(one -> new Finding(
                                one.rule(),
                                one.subject(),
                                one.id(),
                                one.severity(),
                                one.faults(),
                                one.exception(),
                                one.told(),
                                since.apply(one)))
                        .toList());
    }

    /** How often a rule was failed without leave. */
    public long unexcused() {
        return findings.stream()
                .filter(finding -> !finding.exception().isObject())
                .count();
    }

    /** Gathers results; subjects come in the order of the report. */
    static final class Gathering {
        private final Map<String, Map<Verdict, Long>> rules = new TreeMap<>();
        private final Map<String, Map<Verdict, Long>> controls = new TreeMap<>();
        private final Map<String, List<Finding>> failed = new TreeMap<>();
        private final Map<String, Long> subjects = new TreeMap<>();

        void add(Subject subject, List<RuleResult> results) {
            subjects.merge(subject.kind(), 1L, Long::sum);
            for (RuleResult result : results) {
                Verdict verdict = Verdict.of(result);
                count(rules, result.rule(), verdict);
                result.controls()
                        .forEach(control -> count(controls, control.framework() + ":" + control.id(), verdict));
                if (verdict == Verdict.FAIL) {
                    failed.computeIfAbsent(result.rule(), any -> new ArrayList<>())
                            .add(new Finding(
                                    result.rule(),
                                    subject.kind(),
                                    subject.id(),
                                    result.severity(),
                                    result.evidence().path("faults"),
                                    result.evidence().path("exception"),
                                    subject.told(),
                                    Optional.empty()));
                }
            }
        }

        private static void count(Map<String, Map<Verdict, Long>> of, String name, Verdict verdict) {
            of.computeIfAbsent(name, any -> new EnumMap<>(Verdict.class)).merge(verdict, 1L, Long::sum);
        }

        Posture posture(long at, String policy, String data) {
            return new Posture(
                    at,
                    policy,
                    data,
                    subjects,
                    rules,
                    controls,
                    failed.values().stream().flatMap(List::stream).toList());
        }
    }
}
