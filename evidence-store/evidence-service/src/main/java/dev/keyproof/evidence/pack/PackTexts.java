package dev.keyproof.evidence.pack;

import dev.keyproof.log.note.NoteSignature;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.verify.ManifestTime;
import dev.keyproof.verify.PackContents;
import dev.keyproof.verify.WitnessPolicy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The texts of a pack, made of the facts of this pack and of nothing that would differ the next time. */
final class PackTexts {
    private final PackRequest request;
    private final SignedHead head;
    private final boolean stamped;
    private final boolean signatureStamped;
    private final Optional<WitnessPolicy> witnesses;
    private final String remote;
    private final PackContents contents;
    private final int policies;
    private final int observations;

    PackTexts(
            PackRequest request,
            SignedHead head,
            boolean stamped,
            boolean signatureStamped,
            Optional<WitnessPolicy> witnesses,
            String remote,
            PackContents contents,
            int policies,
            int observations) {
        this.request = request;
        this.head = head;
        this.stamped = stamped;
        this.signatureStamped = signatureStamped;
        this.witnesses = witnesses;
        this.remote = remote;
        this.contents = contents;
        this.policies = policies;
        this.observations = observations;
    }

    byte[] verify() {
        return new VerifyText(
                        request.year(), request.from() == 0 && request.key().isEmpty(), stamped, signatureStamped)
                .bytes();
    }

    byte[] notProven() {
        StringBuilder text = new StringBuilder("# What this pack does not prove\n\n");
        point(text, "That the anchor is the right one. Ask for it, or for its SHA-256, by another way than the pack.");
        point(
                text,
                "That nothing was sealed after entry " + (head.size() - 1) + ", or before the log of " + request.year()
                        + ".");
        if (request.key().isPresent()) {
            point(
                    text,
                    "That there are no other records of the key "
                            + request.key().get()
                            + ". Single records prove that they were sealed, not that they are all.");
        } else if (request.from() > 0) {
            point(
                    text,
                    "What the entries before " + request.from() + " say. Their hashes are here, their content is not.");
        }
        if (stamped) {
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
        if (contents.findings() > 0) {
            point(
                    text,
                    "That the " + contents.findings()
                            + " findings in results/ are resolved. They are listed as sealed.");
        }
        return bytes(text.toString());
    }

    private String witnesses() {
        List<String> names = head.note().signatures().stream()
                .map(NoteSignature::name)
                .filter(name -> !name.equals(head.checkpoint().origin()))
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
        String scope = request.key()
                .map(key -> "single records of the key " + escape(key))
                .orElse("entries " + request.from() + " to " + (head.size() - 1));
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
                <tr><td>Time token</td><td>%9$s</td></tr>
                </table></body></html>
                """.formatted(
                escape(head.checkpoint().origin()),
                scope,
                number(head.size()),
                head.checkpoint().root().base64(),
                number(contents.decisions()),
                policies,
                number(contents.findings()),
                contents.keys(),
                stamped ? "over the log's checkpoint" : "none",
                observations == 0 ? "" : ", of them " + number(observations) + " on compliance: results/oscal/");
        return bytes(html);
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
