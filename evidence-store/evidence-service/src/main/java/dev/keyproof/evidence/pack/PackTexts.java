package dev.keyproof.evidence.pack;

import dev.keyproof.log.note.NoteSignature;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.verify.ManifestTime;
import dev.keyproof.verify.PackContents;
import dev.keyproof.verify.Role;
import dev.keyproof.verify.WitnessPolicy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

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
        int year = request.year();
        String text = """
                # How to verify this pack

                The anchor (root certificates and log keys) must come to you by another way than this pack. What lies in
                `trust/` is a copy: with it alone you learn that the pack is consistent, not who signed it.

                With Keyproof: `keyproof verify PACK.zip --trust ANCHOR.trust` (offline; exit code 0 only if all holds).

                In a browser, without a network: open `verify.html` and give it the pack and the trust file. It says what it
                checks and what it does not. It came with the pack: who could alter the pack could alter the page.

                With OpenSSL, in the folder where the pack was unpacked, the anchor's files in place of `trust/`:

                    openssl cms -verify -binary -inform DER -in manifest.p7s -content manifest.json \\
                      -CAfile trust/signer.pem -no-CApath -no-CAstore -purpose any \\
                      -policy %2$s -explicit_policy -out /dev/null
                    openssl cms -verify -binary -inform DER -in log/%1$d/checkpoint.p7s -content log/%1$d/checkpoint \\
                      -CAfile trust/signer.pem -no-CApath -no-CAstore -purpose any \\
                      -policy %3$s -explicit_policy -out /dev/null
                %4$s
                The policies are roles: `%2$s` of whoever signs packs, `%3$s` of whoever signs a
                log's checkpoints. Without `-policy OID -explicit_policy` the commands accept either in the other's place.

                %5$s

                `time/%1$d.ers`, where there is one, is an evidence record (RFC 4998): a time token over `time/%1$d.checkpoint` and
                the tokens that keep it provable after its authority's certificate has ended.

                `manifest.json` lists every other file with its size and SHA-256, but for its own two signatures and the token over
                the first, `time/manifest.tsr`. `log/%1$d/` is a log in the C2SP tlog-tiles layout; any verifier of that format
                accepts it with the keys in `trust/log.vkey`. A key that the trust file names `until` a size proves nothing beyond
                it alone, and `witnesses N KEY KEY ...` there asks that N of these have cosigned the checkpoint.
                """.formatted(year, Role.PACK.policy(), Role.LOG.policy(), stamps(year), expiry());
        return bytes(text);
    }

    private String stamps(int year) {
        String manifest = "    openssl ts -verify -data manifest.p7s -in " + ManifestTime.NAME + " -CAfile "
                + ManifestTime.CHAIN + "\n";
        String checkpoint = "    openssl ts -verify -data log/" + year + "/checkpoint -in time/" + year
                + ".tsr -CAfile trust/tsa.pem\n";
        return (signatureStamped ? manifest : "") + (stamped ? checkpoint : "");
    }

    private String expiry() {
        return signatureStamped ? """
                `time/manifest.tsr`, where there is one, says since when the signature exists. Once the certificates have ended, add
                `-attime SECONDS` with its time (`openssl ts -reply -in time/manifest.tsr -text`), and with no other: without it
                nothing tells an old signature from one that was made after the end.""" : """
                Nobody vouches for when this pack was signed: once the certificates have ended, nothing tells its signature from one
                that was made after the end.""";
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
        point(
                text,
                "Which legal holds are in force but those in " + PackContents.HOLDS + ", where it is here: "
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
                <tr><td>Legal holds</td><td>%11$s</td></tr>
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
