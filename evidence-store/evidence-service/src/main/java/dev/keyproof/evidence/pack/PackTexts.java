package dev.keyproof.evidence.pack;

import dev.keyproof.log.note.NoteSignature;
import dev.keyproof.verify.ManifestTime;
import dev.keyproof.verify.PackContents;
import dev.keyproof.verify.Scope;
import dev.keyproof.verify.WitnessPolicy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.stream.Collectors;

/** The texts of a pack, made of the facts of this pack and of nothing that would differ the next time. */
final class PackTexts {
    private final Scope scope;
    private final SortedMap<Integer, PackHeads.Head> heads;
    private final PackHeads.Head newest;
    private final SortedSet<Integer> unbegun;
    private final boolean signatureStamped;
    private final Optional<WitnessPolicy> witnesses;
    private final String remote;
    private final PackContents contents;
    private final int policies;
    private final int observations;

    PackTexts(
            Scope scope,
            PackAssembly.Facts facts,
            boolean signatureStamped,
            Optional<WitnessPolicy> witnesses,
            String remote) {
        this.scope = scope;
        this.heads = facts.heads();
        this.newest = Objects.requireNonNull(heads.get(scope.parts().getLast().year()));
        this.unbegun = facts.unbegun();
        this.signatureStamped = signatureStamped;
        this.witnesses = witnesses;
        this.remote = remote;
        this.contents = facts.contents();
        this.policies = facts.policies();
        this.observations = facts.observations();
    }

    byte[] verify() {
        return new VerifyText(scope, contents.supporting() > 0 || scope.isOfRecords(), isStamped(), signatureStamped)
                .bytes();
    }

    byte[] notProven() {
        StringBuilder text = new StringBuilder("# What this pack does not prove\n\n");
        point(text, "That the anchor is the right one. Ask for it, or for its SHA-256, by another way than the pack.");
        point(
                text,
                "That nothing was sealed after entry " + (newest.signed().size() - 1) + ", or before the log of "
                        + scope.parts().getFirst().year() + ".");
        scope.period()
                .ifPresent(
                        period -> point(
                                text,
                                "That the entries are all that was done " + of(period)
                                        + ", or nothing else. They are what was sealed then by the clock of the service: from the"
                                        + " newest head kept before to the first kept after. Each says itself when it was done."));
        scope.framework()
                .ifPresent(framework -> point(
                        text,
                        "Anything on other controls than those of " + framework
                                + ": results/ holds no findings on these, and none of detectors."));
        outside(text);
        if (isStamped()) {
            point(
                    text,
                    "When each single entry was sealed. The time token says that the whole log existed at its time.");
        } else {
            point(text, "When the log existed. No time-stamp authority vouches for it in this pack.");
        }
        point(
                text,
                signatureStamped
                        ? "That the pack was signed while its signer's certificate was valid, if " + ManifestTime.NAME
                                + " is missing and that certificate has ended since."
                        : "That the pack was signed while its signer's certificate was valid, once that has ended.");
        point(
                text,
                "That the brokers' signed heads cover what the log's attestations say. The evidence service checked each"
                        + " before it was sealed; the journals' keys are not in the trust file.");
        point(
                text,
                "That a cloud's own log was complete when it was collected: foreign records are sealed as they came,"
                        + " and their origin signs no heads here.");
        point(
                text,
                "That nobody with full control of a machine used a key by its PIN, signed a second log, stopped a source"
                        + " or set the clock. Only what lies outside of that machine can limit this: an older pack that somebody kept"
                        + " (`verify --older`), or witnesses; "
                        + witnesses());
        point(text, remote);
        if (contents.unattested() > 0) {
            point(
                    text,
                    "That records of Keyproof's own parts are theirs where no signed head in this pack covers them: "
                            + number(contents.unattested())
                            + ". Nothing that they say of keys, approvers or approvals counts.");
        }
        if (contents.notUnderstood() > 0) {
            point(
                    text,
                    "What entries mean where they could not be understood, " + number(contents.notUnderstood())
                            + " times. They are sealed as they came; each is named in " + PackContents.NOT_UNDERSTOOD
                            + ".");
        }
        point(
                text,
                "That a release in " + PackContents.HOLDS
                        + " was approved by as many as the policy of its time asks: the service judges it when it is sealed, and GET"
                        + " /v1/holds says what it found. Which legal holds are in force but those in "
                        + PackContents.HOLDS + ", where it is here: "
                        + contents.holds().size()
                        + ". What was placed or released before the entries of this pack is not in it, except what the entry on the"
                        + " end of a year carries over; the approvals of that are in the pack of the year in which it was placed.");
        if (contents.findings() > 0) {
            point(
                    text,
                    "That the " + contents.findings()
                            + " findings in results/ are resolved. They are listed as sealed.");
        }
        return bytes(text.toString());
    }

    private void outside(StringBuilder text) {
        scope.key().ifPresent(key -> single(text, "the key " + key));
        scope.actor().ifPresent(actor -> single(text, "the actor " + actor));
        for (Scope.Part part : scope.isOfRecords() ? List.<Scope.Part>of() : scope.parts()) {
            String of = scope.parts().size() > 1 ? " of " + part.year() : "";
            if (part.from() > 0) {
                point(
                        text,
                        "What the entries before " + part.from() + of
                                + " say. Their hashes are here, their content is not"
                                + (contents.supporting() > 0 ? ", but for those in records.ndjson." : "."));
            }
            if (part.to().isPresent()) {
                point(
                        text,
                        "What the entries from " + part.to().getAsLong() + of
                                + " on say. Their hashes are here, their content is not.");
            }
        }
        for (int year : unbegun) {
            point(
                    text,
                    "That the log of " + year
                            + " was signed before the scope began. No checkpoint from before is kept.");
        }
        if (contents.supporting() > 0) {
            point(
                    text,
                    "That the " + number(contents.supporting())
                            + " entries in records.ndjson that are not of the scope are all that there are of their"
                            + " kind. They are there for what the scope needs of them, and for nothing else.");
        }
    }

    private static void single(StringBuilder text, String whom) {
        point(
                text,
                "That there are no other records of " + whom
                        + ". Single records prove that they were sealed, not that they are all.");
    }

    private static String of(Scope.Period period) {
        return "from " + period.since()
                + period.until().map(end -> " to " + end).orElse(" on");
    }

    private boolean isStamped() {
        return newest.stamped() != null;
    }

    private String witnesses() {
        List<String> names = newest.signed().note().signatures().stream()
                .map(NoteSignature::name)
                .filter(name -> !name.equals(newest.signed().checkpoint().origin()))
                .distinct()
                .toList();
        String carried = names.isEmpty()
                ? ""
                : "; the checkpoint carries cosignatures of " + String.join(", ", names)
                        + ", each of which says that its maker saw no other history of this log";
        return witnesses
                .map(policy -> "the trust file asks for " + policy.quorum() + " of "
                        + policy.witnesses().size() + carried + ". That they are independent you must know otherwise.")
                .orElseGet(() -> "the trust file names none, so no witness was checked" + carried + ".");
    }

    byte[] report() {
        List<String> parts = new ArrayList<>();
        for (Scope.Part part : scope.parts()) {
            long size = Objects.requireNonNull(heads.get(part.year())).signed().size();
            parts.add("entries " + part.from() + " to " + (part.end(size) - 1)
                    + (scope.parts().size() > 1 ? " of " + part.year() : ""));
        }
        String asked = scope.key()
                        .map(key -> "single records of the key " + escape(key) + ", of ")
                        .or(() -> scope.actor().map(actor -> "single records of the actor " + escape(actor) + ", of "))
                        .orElse("")
                + String.join(", ", parts)
                + scope.period().map(period -> ", the time " + of(period)).orElse("")
                + scope.framework()
                        .map(framework -> "; results on controls of " + escape(framework))
                        .orElse("")
                + (contents.supporting() == 0 ? "" : "; " + number(contents.supporting()) + " more that these need");
        String html = """
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><title>Evidence pack %1$s</title>
                <style>body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem;color:#1b1f24}
                h1{font-size:1.5rem;font-weight:600}table{border-collapse:collapse;width:100%%}
                td{border-top:1px solid #d8dee4;padding:.5rem .75rem .5rem 0;vertical-align:top}
                td:first-child{color:#57606a;width:11rem}code{font-size:.85rem;overflow-wrap:anywhere}</style></head><body>
                <h1>Evidence pack</h1>
                <p>This page is a summary for reading. The proof is in the files beside it; see VERIFY.md and NOT-PROVEN.md.</p>
                <table>
                <tr><td>Log</td><td><code>%1$s</code></td></tr>
                <tr><td>Scope</td><td>%2$s</td></tr>
                <tr><td>Size</td><td>%3$s entries</td></tr>
                <tr><td>Root</td><td><code>%4$s</code></td></tr>
                <tr><td>Decisions</td><td>%5$s under %6$d policies and data sets</td></tr>
                <tr><td>Findings</td><td>%7$s%10$s</td></tr>
                <tr><td>Keys</td><td>%8$d</td></tr>
                <tr><td>Legal holds</td><td>%11$s</td></tr>
                <tr><td>Time token</td><td>%9$s</td></tr>
                </table></body></html>
                """.formatted(
                        escape(newest.signed().checkpoint().origin()),
                        asked,
                        number(newest.signed().size()),
                        newest.signed().checkpoint().root().base64(),
                        number(contents.decisions()),
                        policies,
                        number(contents.findings()),
                        contents.keys(),
                        isStamped() ? "over the log's checkpoint" : "none",
                        observations == 0 ? "" : ", of them " + number(observations) + " on compliance: results/oscal/",
                        holds());
        return bytes(html);
    }

    private String holds() {
        return contents.holds().isEmpty()
                ? "none in force by these entries"
                : contents.holds().stream()
                        .map(hold -> escape(hold.hold()) + ": the logs of " + hold.fromYear() + " to " + hold.toYear()
                                + (hold.approved() ? "" : ", without a sound approval"))
                        .collect(Collectors.joining("<br>"));
    }

    private static void point(StringBuilder text, String sentence) {
        text.append("- ").append(sentence).append('\n');
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
