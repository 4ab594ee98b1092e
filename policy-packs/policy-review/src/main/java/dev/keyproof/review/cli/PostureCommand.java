package dev.keyproof.review.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.policy.PolicyException;
import dev.keyproof.review.history.HistoryException;
import dev.keyproof.review.history.Period;
import dev.keyproof.review.history.Place;
import dev.keyproof.review.history.SealedDecision;
import dev.keyproof.review.history.SealedHistory;
import dev.keyproof.review.report.PostureReport;
import dev.keyproof.review.standing.Failing;
import dev.keyproof.review.standing.InForce;
import dev.keyproof.review.standing.Posture;
import dev.keyproof.review.standing.Subjects;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code policy posture}: how all that the rules judge stood at a moment, from what was sealed alone. */
@Command(
        name = "posture",
        mixinStandardHelpOptions = true,
        description = {
            "Says how keys, accounts, tokens, the installation and the log itself stood at a moment, by each rule and each control, from what a pack or log sealed until then and by the policy"
                    + " that was in force.",
            "Exit code: 0 no rule is failed without leave; 1 some are; 2 it cannot be said."
        },
        footer = {
            "",
            "Example: ./keyproof policy posture --replay packs/2026.zip --trust anchor.trust --at 2026-09-30T24:00:00Z"
        })
final class PostureCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int IMPOSSIBLE = 2;

    /** How a posture is written. */
    enum Format {
        md,
        json
    }

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private HistoryOptions source = new HistoryOptions();

    @Option(
            names = "--at",
            paramLabel = "WHEN",
            description = "a day, at whose end, or a time (ISO 8601, UTC) (default: the last event)")
    private String at = "";

    @Option(
            names = "--bundle",
            paramLabel = "FILE",
            description = "another policy than the one that was in force, to judge by")
    private @Nullable Path bundle;

    @Option(names = "--format", paramLabel = "FORMAT", description = "md or json (default: md)", defaultValue = "md")
    private Format format = Format.md;

    @Override
    public Integer call() throws IOException {
        CommandSpec command = Objects.requireNonNull(spec);
        try {
            SealedHistory history = source.history()
                    .orElseThrow(() -> new ReviewException("--replay PACK_OR_LOG says from what, and is missing"));
            Posture posture = posture(history, period());
            PrintWriter out = command.commandLine().getOut();
            if (posture.subjects().isEmpty()) {
                throw new ReviewException("nothing that rules judge is told of until then");
            }
            out.print(
                    format == Format.md
                            ? PostureReport.markdown(posture, history.unproven())
                            : PostureReport.json(posture, history.unproven(), history::proof));
            out.flush();
            return posture.unexcused() > 0 ? FAILED : 0;
        } catch (ReviewException | HistoryException | PolicyException e) {
            command.commandLine().getErr().println("keyproof: " + e.getMessage());
            return IMPOSSIBLE;
        }
    }

    private Period period() throws ReviewException {
        try {
            return Period.of("", at);
        } catch (IllegalArgumentException e) {
            throw new ReviewException("--at: " + e.getMessage(), e);
        }
    }

    private Posture posture(SealedHistory history, Period period)
            throws ReviewException, HistoryException, PolicyException {
        Subjects subjects = new Subjects();
        InForce inForce = new InForce();
        history.read(period, new SealedHistory.Sink() {
            @Override
            public void take(SealedDecision decision) {
                // What was decided is judged no more; by which policy is all that is asked.
            }

            @Override
            public void event(Place place, JsonNode event) {
                subjects.event(place, event);
                inForce.event(place.time(), event);
            }
        });
        if (!history.isWhole()) {
            subjects.ofPart();
        }
        int threads = Runtime.getRuntime().availableProcessors();
        try {
            PolicyEngine engine = engine(history, inForce, subjects.at(period));
            Posture posture = subjects.posture(engine, subjects.at(period), threads);
            return posture.findings().isEmpty()
                    ? posture
                    : since(history, period, subjects.failing(engine, posture), posture);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReviewException("interrupted", e);
        }
    }

    /** What is found is looked for again where it began. */
    private static Posture since(SealedHistory history, Period period, Failing failing, Posture posture)
            throws HistoryException {
        history.read(period, new SealedHistory.Sink() {
            @Override
            public void take(SealedDecision decision) {
                // As before.
            }

            @Override
            public void event(Place place, JsonNode event) throws HistoryException {
                failing.event(place, event);
            }
        });
        return failing.found(posture);
    }

    private PolicyEngine engine(SealedHistory history, InForce inForce, long moment)
            throws ReviewException, HistoryException, PolicyException {
        if (bundle != null) {
            return PolicyEngine.load(PolicyBundle.read(bundle));
        }
        InForce.Cited cited = inForce.cited()
                .orElseThrow(() -> new ReviewException("nothing was decided before " + Instant.ofEpochMilli(moment)
                        + ", so that no policy is known; --bundle FILE names one"));
        for (PolicyBundle kept : history.policies()) {
            if (kept.digest().equals(cited.policy())) {
                PolicyEngine engine = PolicyEngine.load(kept);
                if (engine.dataDigest().equals(cited.data())) {
                    return engine;
                }
            }
        }
        throw new ReviewException("the policy in force then, " + cited.policy() + " over data " + cited.data()
                + ", is not there; --policies DIR or --bundle FILE names it");
    }
}
