package dev.keyproof.review.cli;

import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.policy.PolicyException;
import dev.keyproof.review.history.HistoryException;
import dev.keyproof.review.history.Period;
import dev.keyproof.review.history.SealedHistory;
import dev.keyproof.review.replay.Policies;
import dev.keyproof.review.replay.Replay;
import dev.keyproof.review.replay.ReplayReport;
import dev.keyproof.review.report.ChecksReport;
import dev.keyproof.review.report.JUnitReport;
import dev.keyproof.review.report.JsonReport;
import dev.keyproof.review.report.MarkdownReport;
import dev.keyproof.review.report.Proofs;
import dev.keyproof.review.report.Review;
import dev.keyproof.review.report.SarifReport;
import dev.keyproof.review.report.Thresholds;
import dev.keyproof.review.standing.StandingReport;
import dev.keyproof.review.standing.Subjects;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code policy review}: the check of a pull request. */
@Command(
        name = "review",
        mixinStandardHelpOptions = true,
        description = {
            "Checks the policy of the working tree, and decides every past operation of a pack or log again: under the policy it cites,"
                    + " under the base, and under the working tree.",
            "Exit code: 0 fine; 1 a change that --fail-on names, or a decision that is not what was sealed; 2 the policy fails its own"
                    + " checks, or the review cannot be made."
        },
        footer = {
            "",
            "Example: ./keyproof policy review --base main --replay packs/2026.zip --trust anchor.trust --format md,json --out review"
        })
final class ReviewCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int IMPOSSIBLE = 2;
    private static final Duration TOLD_EACH = Duration.ofSeconds(2);

    /** How a review is written. */
    enum Format {
        md,
        sarif,
        junit,
        json
    }

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--base",
            required = true,
            paramLabel = "REF",
            description = "the revision that it is compared with")
    private String base = "";

    @Option(
            names = "--packs",
            paramLabel = "DIR",
            description = "the folder of the policy (default: policy-packs/packs)",
            defaultValue = "policy-packs/packs")
    private Path packs = Path.of("");

    @Option(
            names = "--keyproof",
            paramLabel = "DIR",
            description = "the checkout of Keyproof that a policy's build.sh finds as $KEYPROOF (default: this one)",
            defaultValue = "${sys:keyproof.checkout:-.}")
    private Path keyproof = Path.of("");

    @Mixin
    private HistoryOptions source = new HistoryOptions();

    @Option(
            names = "--from",
            paramLabel = "WHEN",
            description = "the first day, or time (ISO 8601, UTC), of the operations that are decided again")
    private String from = "";

    @Option(
            names = "--to",
            paramLabel = "WHEN",
            description = "the last day, or the time before which; the rules judge how everything stands at its end")
    private String to = "";

    @Option(
            names = "--format",
            split = ",",
            paramLabel = "FORMAT",
            description = "md, sarif, junit, json (default: md)",
            defaultValue = "md")
    private List<Format> formats = List.of();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "where the reports go, as review.md and so on (default: printed)")
    private @Nullable Path out;

    @Option(
            names = "--fail-on",
            split = ",",
            paramLabel = "CHANGE",
            description =
                    "opened, locked, undecidable, reasons of operations; unreplayed, those whose own policy was not kept; excused, unjudged,"
                            + " failing, regraded of verdicts; each with how many still pass, as locked=10"
                            + " (default: opened,locked,undecidable,unreplayed,excused,unjudged)",
            defaultValue = "opened,locked,undecidable,unreplayed,excused,unjudged")
    private List<String> failOn = List.of();

    @Override
    public Integer call() throws IOException {
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        try (Scratch scratch = Scratch.of("review")) {
            Thresholds thresholds = thresholds();
            Period period = period();
            SealedHistory history = source.history().orElse(null);
            PolicySources sources = new PolicySources(packs, keyproof, scratch.folder());
            String left = sources.left(base);
            // What fails its own checks needs no base.
            tell(err, "checks and tests of the working tree");
            PolicyBundle head = checked(sources);
            tell(err, "the base");
            PolicyBundle before = sources.base(left);
            Review review = history == null
                    ? new Review(base, before.digest(), head.digest(), null, null, List.of())
                    : replayed(history, period, before, head, err);
            review.unproven().forEach(sentence -> err.println("keyproof: " + sentence));
            report(review, thresholds, history);
            return thresholds.fail(review) ? FAILED : 0;
        } catch (ReviewException | HistoryException | PolicyException e) {
            err.println("keyproof: " + e.getMessage());
            return IMPOSSIBLE;
        }
    }

    /** Says in every form that was asked for why there is no review, where it is the policy's own fault. */
    private PolicyBundle checked(PolicySources sources) throws ReviewException, IOException {
        try {
            return sources.head();
        } catch (FailedChecksException e) {
            ChecksReport report = new ChecksReport(String.valueOf(e.getMessage()));
            write(format -> switch (format) {
                case md -> report.markdown();
                case sarif -> report.sarif(packs);
                case junit -> report.junit();
                case json -> report.json();
            });
            throw e;
        }
    }

    private static void tell(PrintWriter err, String step) {
        err.println("  ...    " + step);
        err.flush();
    }

    private Thresholds thresholds() throws ReviewException {
        try {
            return Thresholds.of(failOn);
        } catch (IllegalArgumentException e) {
            throw new ReviewException("--fail-on: " + e.getMessage(), e);
        }
    }

    private Period period() throws ReviewException {
        try {
            return Period.of(from, to);
        } catch (IllegalArgumentException e) {
            throw new ReviewException("--from, --to: " + e.getMessage(), e);
        }
    }

    private void report(Review review, Thresholds thresholds, @Nullable SealedHistory history) throws IOException {
        Proofs proofs = place -> Objects.requireNonNull(history).proof(place);
        write(format -> switch (format) {
            case md -> MarkdownReport.of(review);
            case sarif -> SarifReport.of(review, packs);
            case junit -> JUnitReport.of(review, thresholds);
            case json -> JsonReport.of(review, proofs);
        });
    }

    /** Each form that was asked for, once. */
    private void write(Function<Format, String> report) throws IOException {
        for (Format format : EnumSet.copyOf(formats)) {
            write(format, report.apply(format));
        }
    }

    private Review replayed(
            SealedHistory history, Period period, PolicyBundle before, PolicyBundle after, PrintWriter err)
            throws HistoryException, PolicyException, ReviewException {
        int threads = Runtime.getRuntime().availableProcessors();
        List<PolicyBundle> kept = new ArrayList<>(history.policies());
        // What is under review may be what decided.
        kept.add(before);
        kept.add(after);
        try {
            Policies known = new Policies(kept, Policies.REMEMBERED);
            PolicyEngine left = PolicyEngine.load(before);
            PolicyEngine head = PolicyEngine.load(after);
            Subjects subjects = new Subjects();
            ReplayReport replay = new Replay(
                            known, known.decisions(left), known.decisions(head), threads, progress(err))
                    .run(history, period, subjects::event);
            if (!history.isWhole()) {
                subjects.ofPart();
            }
            tell(
                    err,
                    String.format(
                            Locale.ROOT,
                            "replay: %,d decisions; of those by base and head %.1f %% remembered; judging keys, accounts and the log",
                            replay.decisions(),
                            replay.decisions() == 0 ? 0 : 50.0 * replay.remembered() / replay.decisions()));
            StandingReport standing = subjects.judged(left, head, subjects.at(period), threads);
            return new Review(base, before.digest(), after.digest(), replay, standing, history.unproven());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReviewException("interrupted", e);
        }
    }

    /** Now and then how many decisions there were, and how fast. */
    private static LongConsumer progress(PrintWriter err) {
        long begun = System.nanoTime();
        AtomicLong told = new AtomicLong(begun);
        return decisions -> {
            long now = System.nanoTime();
            if (now - told.get() >= TOLD_EACH.toNanos()) {
                told.set(now);
                tell(
                        err,
                        String.format(
                                Locale.ROOT,
                                "replay: %,d decisions, %,.0f a second",
                                decisions,
                                decisions * 1e9 / (now - begun)));
            }
        };
    }

    private void write(Format format, String report) throws IOException {
        if (out == null) {
            PrintWriter printed = Objects.requireNonNull(spec).commandLine().getOut();
            printed.print(report);
            printed.flush();
            return;
        }
        Files.createDirectories(out);
        Files.writeString(out.resolve(format == Format.junit ? "review.xml" : "review." + format), report);
    }
}
