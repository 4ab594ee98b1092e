package dev.keyproof.review.report;

import dev.keyproof.review.replay.Change;
import dev.keyproof.review.replay.FlipGroup;
import dev.keyproof.review.replay.ReplayReport;
import dev.keyproof.review.standing.StandingReport;
import dev.keyproof.review.standing.VerdictChange;
import dev.keyproof.review.standing.VerdictGroup;
import java.nio.file.Path;
import java.util.List;

/** A review for code scanning (SARIF 2.1.0): one result for each kind of flip, on the file of the policy that it hangs on. */
public final class SarifReport {
    private SarifReport() {}

    /** @param folder of the policy */
    public static String of(Review review, Path folder) {
        SarifLog log = new SarifLog();
        for (Change change : Change.values()) {
            log.rule(id(change), change.text());
        }
        for (VerdictChange change : VerdictChange.values()) {
            log.rule(id(change), change.text());
        }
        review.unproven().forEach(sentence -> log.note("Not proven: " + sentence));
        RepositoryFiles files = RepositoryFiles.in(folder);
        ReplayReport replay = review.replay();
        if (replay != null) {
            replay.flips().forEach(flip -> result(log, flip, files));
        }
        StandingReport standing = review.standing();
        if (standing != null) {
            standing.changes().forEach(group -> result(log, group, files));
        }
        return log.text();
    }

    private static String id(Change change) {
        return "replay/" + Thresholds.name(change);
    }

    private static String id(VerdictChange change) {
        return "rules/" + Thresholds.name(change);
    }

    private static void result(SarifLog log, VerdictGroup group, RepositoryFiles files) {
        VerdictGroup.Example first = group.examples().getFirst();
        String before = StandingMarkdown.text(group.before(), group);
        String after = StandingMarkdown.text(group.after(), group);
        log.result(
                id(group.change()),
                switch (group.change()) {
                    case EXCUSED, UNJUDGED -> "error";
                    case FAILING -> group.byLeave() ? "note" : "warning";
                    case REGRADED -> "note";
                },
                group.count() + " times, as of " + StandingMarkdown.named(first) + ", by " + group.rule() + ": "
                        + group.change().text() + " (" + before + " before, " + after + " now)",
                files.ofRule(group.rule()),
                List.of(group.rule(), first.subject(), before, after));
    }

    private static void result(SarifLog log, FlipGroup flip, RepositoryFiles files) {
        log.result(
                id(flip.change()),
                switch (flip.change()) {
                    case OPENED, UNDECIDABLE -> "error";
                    case LOCKED -> "warning";
                    case REASONS -> "note";
                },
                flip.count() + " past calls of " + flip.operation() + " by " + flip.actor()
                        + (flip.key().isEmpty() ? "" : " on " + flip.key()) + ": "
                        + flip.change().text()
                        + " (" + String.join(", ", flip.before()) + " before, "
                        + String.join(", ", flip.after()) + " now)",
                files.ofAll(),
                List.of(flip.operation(), flip.actor(), flip.key()));
    }
}
