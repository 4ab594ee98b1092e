package dev.keyproof.stream.compliance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.policy.PolicyException;
import dev.keyproof.policy.RuleResult;
import dev.keyproof.stream.emit.Emission;
import dev.keyproof.stream.emit.Findings;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * What was last said of each rule on what the state belongs to. A finding leaves for each verdict that is new, by its status or by the
 * policy, parameters or leave to fail that say so; what goes on failing is told again each day, with its age.
 */
final class Verdicts {
    private static final long AGAIN_MS = TimeUnit.DAYS.toMillis(1);

    private final Rules rules;
    private final Findings findings;
    private final MapState<String, Verdict> said;

    Verdicts(RuntimeContext context, Rules rules, Findings findings) {
        this.rules = rules;
        this.findings = findings;
        this.said = context.getMapState(
                new MapStateDescriptor<>("verdicts", Types.STRING, TypeInformation.of(Verdict.class)));
    }

    /** Evaluates the rules and tells what is new; whether all could be read and none fails. */
    boolean judge(JsonNode input, Judged judged, Collector<Emission> out) throws Exception {
        List<RuleResult> results;
        try {
            results = rules.evaluate(input);
        } catch (PolicyException e) {
            // Rules that cannot read one thing must not stop the watch over all others.
            out.collect(RuleFinding.notEvaluated(findings, judged, String.valueOf(e.getMessage())));
            return false;
        }
        boolean sound = true;
        for (RuleResult result : results) {
            sound &= result.status() != RuleResult.Status.FAIL;
            Verdict before = said.get(result.rule());
            Verdict verdict = next(before, result, judged.at());
            if (verdict != null) {
                said.put(result.rule(), verdict);
                out.collect(RuleFinding.of(findings, judged, results.size(), result, before, verdict));
            }
        }
        return sound;
    }

    void forget() {
        said.clear();
    }

    /** Null where there is nothing to say. */
    private @Nullable Verdict next(@Nullable Verdict before, RuleResult result, long at) {
        Verdict verdict = new Verdict();
        verdict.status = result.status().name();
        verdict.leave = RuleFinding.leave(result).path("name").asText();
        verdict.policy = rules.policyDigest();
        verdict.data = rules.dataDigest();
        verdict.first = at;
        verdict.since = at;
        verdict.told = at;
        if (before == null) {
            return verdict;
        }
        boolean same = before.status.equals(verdict.status);
        boolean due = result.status() == RuleResult.Status.FAIL && at - before.told >= AGAIN_MS;
        boolean news = due || !Objects.equals(before.leave, verdict.leave);
        if (same && !news && before.policy.equals(verdict.policy) && before.data.equals(verdict.data)) {
            return null;
        }
        verdict.version = before.version + 1;
        verdict.first = before.first;
        verdict.since = same ? before.since : at;
        return verdict;
    }
}
