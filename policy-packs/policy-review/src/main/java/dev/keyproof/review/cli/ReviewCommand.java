package dev.keyproof.review.cli;

import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyException;
import dev.keyproof.review.history.HistoryException;
import dev.keyproof.review.history.LogHistory;
import dev.keyproof.review.history.PackHistory;
import dev.keyproof.review.history.SealedHistory;
import dev.keyproof.review.replay.Change;
import dev.keyproof.review.replay.Policies;
import dev.keyproof.review.replay.Replay;
import dev.keyproof.review.replay.ReplayReport;
import dev.keyproof.review.report.JUnitReport;
import dev.keyproof.review.report.JsonReport;
import dev.keyproof.review.report.MarkdownReport;
import dev.keyproof.review.report.Proofs;
import dev.keyproof.review.report.Review;
import dev.keyproof.review.report.SarifReport;
import dev.keyproof.verify.TrustFile;
import dev.keyproof.verify.UnreadableException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
    private static final int TOLD_EACH = 100_000;

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

    @Option(names = "--replay", paramLabel = "PACK_OR_LOG", description = "a pack, or the folder of a log")
    private @Nullable Path replay;

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = "a trust file for the pack; may be given more than once")
    private List<Path> trust = List.of();

    @Option(
            names = "--policies",
            paramLabel = "DIR",
            description = "bundles that a log's decisions cite; a pack brings its own")
    private @Nullable Path policies;

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
            description = "opened, locked, undecidable, reasons (default: opened,locked,undecidable)",
            defaultValue = "opened,locked,undecidable")
    private List<String> failOn = List.of();

    @Override
    public Integer call() throws IOException {
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        try (Scratch scratch = Scratch.of("review")) {
            Set<Change> failing = failing();
            SealedHistory history = history();
            PolicySources sources = new PolicySources(packs, keyproof, scratch.folder());
            String left = sources.left(base);
            // What fails its own checks needs no base.
            PolicyBundle head = sources.head();
            return review(history, sources.base(left), head, failing, err);
        } catch (ReviewException | HistoryException | PolicyException e) {
            err.println("keyproof: " + e.getMessage());
            return IMPOSSIBLE;
        }
    }

    private Set<Change> failing() throws ReviewException {
        Set<Change> failing = EnumSet.noneOf(Change.class);
        for (String name : failOn) {
            failing.add(Stream.of(Change.values())
                    .filter(change -> change.name().equalsIgnoreCase(name))
                    .findFirst()
                    .orElseThrow(() -> new ReviewException(
                            "--fail-on: '" + name + "' is none of opened, locked, undecidable, reasons")));
        }
        return failing;
    }

    private int review(
            @Nullable SealedHistory history,
            PolicyBundle before,
            PolicyBundle head,
            Set<Change> failing,
            PrintWriter err)
            throws HistoryException, PolicyException, IOException {
        ReplayReport report = history == null ? null : replayed(history, before, head, err);
        Review review = new Review(base, before.digest(), head.digest(), report);
        Proofs proofs = place -> Objects.requireNonNull(history).proof(place);
        for (Format format : EnumSet.copyOf(formats)) {
            write(
                    format,
                    switch (format) {
                        case md -> MarkdownReport.of(review);
                        case sarif -> SarifReport.of(review, packs.toString());
                        case junit -> JUnitReport.of(review, failing);
                        case json -> JsonReport.of(review, proofs);
                    });
        }
        if (report == null) {
            return 0;
        }
        boolean changed = report.unlisted() > 0 || failing.stream().anyMatch(change -> report.count(change) > 0);
        return changed || !report.isFaithful() ? FAILED : 0;
    }

    private @Nullable SealedHistory history() throws ReviewException, HistoryException {
        if (replay == null) {
            return null;
        }
        if (Files.isDirectory(replay)) {
            return LogHistory.of(replay, bundles());
        }
        TrustFile anchor = null;
        try {
            for (Path file : trust) {
                TrustFile read = TrustFile.parse(Files.readString(file));
                anchor = anchor == null ? read : anchor.and(read);
            }
        } catch (UnreadableException | IOException e) {
            throw new ReviewException("the trust file cannot be read: " + e.getMessage(), e);
        }
        return new PackHistory(replay, anchor);
    }

    private List<Path> bundles() throws ReviewException {
        if (policies == null) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(policies)) {
            return files.filter(file -> file.toString().endsWith(".tar.gz"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new ReviewException("--policies: " + policies + " cannot be read", e);
        }
    }

    private static ReplayReport replayed(SealedHistory history, PolicyBundle before, PolicyBundle head, PrintWriter err)
            throws HistoryException, PolicyException {
        int threads = Runtime.getRuntime().availableProcessors();
        List<PolicyBundle> kept = new ArrayList<>(history.policies());
        // What is under review may be what decided.
        kept.add(before);
        kept.add(head);
        try (Policies known = new Policies(kept, threads, Policies.REMEMBERED)) {
            return new Replay(known, known.of(before), known.of(head), threads, progress(err)).run(history);
        }
    }

    private static LongConsumer progress(PrintWriter err) {
        AtomicLong told = new AtomicLong();
        return decisions -> {
            if (decisions - told.get() >= TOLD_EACH) {
                told.set(decisions);
                err.println("  ...    replay             " + decisions + " decisions");
                err.flush();
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
