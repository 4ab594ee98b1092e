package dev.keyproof.evidence.pack;

import dev.keyproof.log.note.NoteSignature;
import dev.keyproof.verify.ManifestTime;
import dev.keyproof.verify.PackContents;
import dev.keyproof.verify.Population;
import dev.keyproof.verify.RetentionClasses;
import dev.keyproof.verify.Scope;
import dev.keyproof.verify.WitnessPolicy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;

/** The texts of a pack, made of the facts of this pack and of nothing that would differ the next time. */
final class PackTexts {
    private final Scope scope;
    private final PackHeads.Head newest;
    private final SortedSet<Integer> unbegun;
    private final boolean signatureStamped;
    private final Optional<WitnessPolicy> witnesses;
    private final String remote;
    private final PackContents contents;
    private final PackRevocations.Added revocations;
    private final boolean retained;
    private final boolean counted;
    private final ReportPage report;

    PackTexts(
            Scope scope,
            PackAssembly.Facts facts,
            boolean signatureStamped,
            Optional<WitnessPolicy> witnesses,
            String remote) {
        this.scope = scope;
        this.newest =
                Objects.requireNonNull(facts.heads().get(scope.parts().getLast().year()));
        this.unbegun = facts.unbegun();
        this.signatureStamped = signatureStamped;
        this.witnesses = witnesses;
        this.remote = remote;
        this.contents = facts.contents();
        this.revocations = facts.revocations();
        this.retained = facts.retention().isPresent();
        this.counted = !facts.population().controls().isEmpty();
        this.report = new ReportPage(scope, facts, witnesses);
    }

    byte[] verify() {
        return new VerifyText(
                        scope,
                        contents.supporting() > 0 || scope.isOfRecords(),
                        isStamped(),
                        signatureStamped,
                        revocations)
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
        revoked(text);
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
                            + Html.number(contents.unattested())
                            + ". Nothing that they say of keys, approvers or approvals counts.");
        }
        if (contents.notUnderstood() > 0) {
            point(
                    text,
                    "What entries mean where they could not be understood, " + Html.number(contents.notUnderstood())
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
        if (retained) {
            point(
                    text,
                    "That evidence is kept as long as " + RetentionClasses.NAME
                            + " says. These are the classes in the data by which the decisions in this pack were made; what became of"
                            + " them since, and what was dropped, is not in it.");
        }
        if (counted) {
            point(
                    text,
                    "That the keys counted in " + Population.NAME
                            + " are all that there are. They are those whose state an entry of the scope tells, or that a finding in"
                            + " it is about; what was evaluated before the scope began is NOT-EVALUATED in it.");
        }
        if (contents.findings() > 0) {
            point(
                    text,
                    "That the " + contents.findings()
                            + " findings in results/ are resolved. They are listed as sealed.");
        }
        return bytes(text.toString());
    }

    private void revoked(StringBuilder text) {
        List<String> unsaid = new ArrayList<>();
        if (!revocations.covers("trust/signer.pem")) {
            unsaid.add("whoever signed the pack and its checkpoints");
        }
        if ((isStamped() && !revocations.covers("trust/tsa.pem"))
                || (signatureStamped && !revocations.covers(ManifestTime.CHAIN))) {
            unsaid.add("the time-stamp authority");
        }
        if (!unsaid.isEmpty()) {
            point(
                    text,
                    "That no certificate of " + String.join(" and ", unsaid)
                            + " had been revoked when this pack was signed: it holds no revocation list for these.");
        }
        point(
                text,
                "What was revoked since. The lists in trust/ are of the time of this pack, and whoever stole a key leaves them out"
                        + " or takes older ones: ask for the newest by another way.");
    }

    private void outside(StringBuilder text) {
        scope.subject().ifPresent(subject -> single(text, subject));
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
                    "That the " + Html.number(contents.supporting())
                            + " entries in records.ndjson that are not of the scope are all that there are of their"
                            + " kind. They are there for what the scope needs of them, and for nothing else.");
        }
    }

    private static void single(StringBuilder text, Scope.Subject subject) {
        if (subject.kind() != Scope.Subject.Kind.CASE) {
            point(
                    text,
                    "That there are no other records of the " + subject
                            + ". Single records prove that they were sealed, not that they are all.");
            return;
        }
        point(
                text,
                "That nothing was done in the " + subject
                        + " after the last of its steps that is here, unless that closed it. Up to there each step names the one before,"
                        + " and what they attach is here and all that is.");
        point(
                text,
                "That what was attached is all that bears on the matter. It is what somebody chose, and each step says who.");
        point(
                text,
                "What the notes of the case say. Its steps name each by the SHA-256 of its ciphertext; who has that and its key can"
                        + " show it, and who erased the key cannot be asked.");
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
        return report.bytes();
    }

    private static void point(StringBuilder text, String sentence) {
        text.append("- ").append(sentence).append('\n');
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
