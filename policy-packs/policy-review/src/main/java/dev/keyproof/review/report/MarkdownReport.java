package dev.keyproof.review.report;

import dev.keyproof.review.history.Place;
import dev.keyproof.review.replay.Change;
import dev.keyproof.review.replay.FlipGroup;
import dev.keyproof.review.replay.ReplayReport;
import dev.keyproof.review.standing.StandingReport;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A review as a comment on a pull request: the verdict first, then what flips, and on what it rests. */
public final class MarkdownReport {
    /** More would not fit a comment; the JSON report has all. */
    static final int MOST_ROWS = 50;

    private MarkdownReport() {}

    public static String of(Review review) {
        StringBuilder text = new StringBuilder("## Policy review\n\n");
        ReplayReport replay = review.replay();
        if (replay == null) {
            text.append("No history was replayed: what this change does to past operations is not known.\n");
        } else {
            verdict(text, replay);
            for (Change change : Change.values()) {
                flips(text, change, replay);
            }
            StandingReport standing = review.standing();
            if (standing != null) {
                StandingMarkdown.write(text, standing);
            }
            basis(text, replay);
            review.unproven()
                    .forEach(sentence ->
                            text.append("- not proven: ").append(sentence).append('\n'));
        }
        text.append("\nBase ")
                .append(code(review.baseName()))
                .append(" is ")
                .append(code(shortened(review.basePolicy())))
                .append(", head is ")
                .append(code(shortened(review.headPolicy())))
                .append(".\n");
        return text.toString();
    }

    private static void verdict(StringBuilder text, ReplayReport replay) {
        if (replay.decisions() == 0) {
            text.append("**There is no past decision to look at: what this change does is not known.**\n");
            return;
        }
        if (replay.unreplayed() > 0) {
            text.append("**")
                    .append(number(replay.unreplayed()))
                    .append(" of ")
                    .append(number(replay.decisions()))
                    .append(
                            " past decisions could not be made again: that they are what was sealed is not shown.**\n\n");
        }
        if (replay.flips().isEmpty() && replay.unlisted() == 0) {
            text.append("**No past decision changes.**\n");
            return;
        }
        text.append("**Of ").append(number(replay.decisions())).append(" past decisions**\n\n");
        for (Change change : Change.values()) {
            long count = replay.count(change);
            if (count > 0) {
                text.append("- **")
                        .append(number(count))
                        .append("** ")
                        .append(change.text())
                        .append('\n');
            }
        }
        if (replay.unlisted() > 0) {
            text.append("- **").append(number(replay.unlisted())).append("** more, of too many kinds to be listed\n");
        }
    }

    private static void flips(StringBuilder text, Change change, ReplayReport replay) {
        List<FlipGroup> groups =
                replay.flips().stream().filter(flip -> flip.change() == change).toList();
        if (groups.isEmpty()) {
            return;
        }
        text.append("\n### ").append(heading(change)).append("\n\n");
        text.append("| count | operation | actor | key | before | after | from | to | examples |\n");
        text.append("|---:|---|---|---|---|---|---|---|---|\n");
        groups.stream()
                .limit(MOST_ROWS)
                .forEach(flip -> text.append("| ")
                        .append(number(flip.count()))
                        .append(" | ")
                        .append(code(flip.operation()))
                        .append(" | ")
                        .append(code(flip.actor()))
                        .append(" | ")
                        .append(code(flip.key()))
                        .append(" | ")
                        .append(code(String.join(", ", flip.before())))
                        .append(" | ")
                        .append(code(String.join(", ", flip.after())))
                        .append(" | ")
                        .append(Instant.ofEpochMilli(flip.firstTime()))
                        .append(" | ")
                        .append(Instant.ofEpochMilli(flip.lastTime()))
                        .append(" | ")
                        .append(flip.examples().stream()
                                .map(MarkdownReport::place)
                                .collect(Collectors.joining(", ")))
                        .append(" |\n"));
        if (groups.size() > MOST_ROWS) {
            text.append("\n").append(groups.size() - MOST_ROWS).append(" more kinds are in the JSON report.\n");
        }
    }

    private static String heading(Change change) {
        return change.text().substring(0, 1).toUpperCase(Locale.ROOT)
                + change.text().substring(1);
    }

    private static void basis(StringBuilder text, ReplayReport replay) {
        text.append("\n### On what this rests\n\n- replayed = sealed: ")
                .append(number(replay.same()))
                .append(" of ")
                .append(number(replay.replayed()))
                .append('\n');
        if (!replay.differing().isEmpty()) {
            text.append("- not what was sealed: ")
                    .append(replay.differing().stream()
                            .limit(10)
                            .map(MarkdownReport::place)
                            .collect(Collectors.joining(", ")))
                    .append('\n');
        }
        replay.undecided()
                .forEach((why, count) -> text.append("- not made again: ")
                        .append(number(count))
                        .append(" (")
                        .append(why)
                        .append(")\n"));
        replay.without()
                .forEach((why, count) -> text.append("- without a decision: ")
                        .append(number(count))
                        .append(" (")
                        .append(why)
                        .append(")\n"));
    }

    static String place(Place place) {
        return code(place.log() + "#" + place.index());
    }

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String shortened(String digest) {
        return digest.length() > 19 ? digest.substring(0, 19) : digest;
    }

    /** What events say is anybody's text: it stays text. */
    static String code(String text) {
        String plain = text.replaceAll("[`|\\p{Cntrl}]", "?");
        return plain.isEmpty() ? "" : "`" + plain + "`";
    }
}
