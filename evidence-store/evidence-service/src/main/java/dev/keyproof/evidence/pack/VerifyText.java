package dev.keyproof.evidence.pack;

import dev.keyproof.verify.Crls;
import dev.keyproof.verify.ManifestTime;
import dev.keyproof.verify.Role;
import dev.keyproof.verify.Scope;
import java.nio.charset.StandardCharsets;

/**
 * {@code VERIFY.md}: what to type to check a pack without Keyproof. The commands work as they stand, in an unpacked pack, whatever the
 * clock says: where a time token vouches for the signature, certificates are asked of its time.
 */
final class VerifyText {
    private static final String TESSERA = "github.com/transparency-dev/tessera/cmd/fsck@v1.0.0";

    private static final String SIGNER = "trust/signer.pem";

    private final Scope scope;
    private final int year;
    private final boolean records;
    private final boolean stamped;
    private final boolean signatureStamped;
    private final PackRevocations.Added revocations;

    /**
     * Of a pack; the commands on a log are about the last one of its scope.
     *
     * @param records whether it holds single records
     * @param stamped whether a time token is over that log's checkpoint
     * @param signatureStamped whether one is over the pack's signature
     * @param revocations the revocation lists that it holds
     */
    VerifyText(
            Scope scope,
            boolean records,
            boolean stamped,
            boolean signatureStamped,
            PackRevocations.Added revocations) {
        this.scope = scope;
        this.year = scope.parts().getLast().year();
        this.records = records;
        this.stamped = stamped;
        this.signatureStamped = signatureStamped;
        this.revocations = revocations;
    }

    byte[] bytes() {
        return (introduction() + openssl() + files() + decisions() + (isWhole() ? tiles() : "") + about())
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Whether the log is there from its first entry on, up to its checkpoint. */
    private boolean isWhole() {
        Scope.Part part = scope.parts().getLast();
        return !scope.isOfRecords() && part.from() == 0 && part.to().isEmpty();
    }

    private static String introduction() {
        return """
                # How to verify this pack

                The anchor (root certificates and log keys) must come to you by another way than this pack. What lies in
                `trust/` is a copy: with it alone you learn that the pack is consistent, not who signed it.

                With Keyproof: `keyproof verify PACK.zip --trust ANCHOR.trust` (offline; exit code 0 only if all holds). Whoever kept
                an older pack adds `--older OLDER.zip`: a log that was rewritten since is refused, whoever signed it.

                In a browser, without a network: open `verify.html` and give it the pack and the trust file. It says what it
                checks and what it does not. It came with the pack: who could alter the pack could alter the page.

                Or by hand, in a POSIX shell with GNU tools, in the folder where the pack was unpacked, the anchor's files in place of
                `trust/`. Each command succeeds, or says what is wrong.

                ## Who signed, by OpenSSL

                """;
    }

    private String openssl() {
        Authority packTime = authority(ManifestTime.CHAIN, false);
        String time = signatureStamped ? """
                Since when the signature exists. Certificates end; they are asked of this time, and of no other, for without it
                nothing tells an old signature from one that was made after the end.

                    signed="$(openssl ts -reply -in %1$s -text 2>&1 | sed -n 's/^Time stamp: //p')"
                    at="-attime $(date -d "$signed" +%%s)"
                    %2$sopenssl ts -verify -data manifest.p7s -in %1$s %3$s $at

                """.formatted(ManifestTime.NAME, packTime.before, packTime.options) : """
                Nobody vouches for when this pack was signed: once the certificates have ended, nothing tells its signature from one
                that was made after the end.

                    at=

                """;
        Authority logTime = authority("trust/tsa.pem", false);
        String checkpoint = stamped
                ? "    %2$sopenssl ts -verify -data log/%1$d/checkpoint -in time/%1$d.tsr %3$s $at\n"
                        .formatted(year, logTime.before, logTime.options)
                : "";
        Authority packs = authority(SIGNER, false);
        Authority logs = authority(SIGNER, revocations.logSigner());
        return time
                + """
                The manifest, and the log's checkpoint. The policies are roles: `%2$s` of whoever signs packs,
                `%3$s` of whoever signs a log's checkpoints; without `-policy OID -explicit_policy` either would
                do in the other's place.

                    %4$sopenssl cms -verify -binary -inform DER -in manifest.p7s -content manifest.json \\
                      %5$s -no-CApath -no-CAstore -purpose any \\
                      -policy %2$s -explicit_policy $at -out /dev/null
                    %6$sopenssl cms -verify -binary -inform DER -in log/%1$d/checkpoint.p7s -content log/%1$d/checkpoint \\
                      %7$s -no-CApath -no-CAstore -purpose any \\
                      -policy %3$s -explicit_policy $at -out /dev/null
                """.formatted(
                                year,
                                Role.PACK.policy(),
                                Role.LOG.policy(),
                                packs.before,
                                packs.options,
                                logs.before,
                                logs.options)
                + checkpoint + "\n" + revoked();
    }

    /** What names an authority to a command, and what must run before it. */
    private record Authority(String before, String options) {}

    /** OpenSSL reads certificates and lists from one file. It takes no list that is not in force, nor asks when somebody was revoked. */
    private Authority authority(String chain, boolean revoked) {
        return signatureStamped && revocations.covers(chain) && !revoked
                ? new Authority("cat %s %s | ".formatted(chain, Crls.beside(chain)), "-CAfile /dev/stdin -crl_check")
                : new Authority("", "-CAfile " + chain);
    }

    private String revoked() {
        if (revocations.files().isEmpty()) {
            return "";
        }
        return """
                The files `trust/*.crl` say whose certificates were revoked before this pack was signed. %s

                    openssl crl -in %s -noout -text

                """.formatted(
                        !signatureStamped
                                ? "Nobody vouches for when that was, so OpenSSL was not asked to hold the signers against them: read them."
                                : revocations.logSigner()
                                        ? "One of them names who signed the copy of the checkpoint; OpenSSL knows no difference between"
                                                + " before and after, so it was not asked. That the checkpoint was stamped before, you see here:"
                                        : "Each command above asks them, where there is one for it. To read one:",
                        revocations.files().stream().sorted().findFirst().orElseThrow());
    }

    private static String files() {
        return """
                ## Every file, by sha256sum

                `manifest.json` lists every other file with its size and SHA-256, but for its own two signatures and the token over the
                first, `time/manifest.tsr`. Each is as listed, and there are no more than are listed.

                    grep -o '"[^"]*":{"sha256":"[0-9a-f]*"' manifest.json \\
                      | sed 's/"\\([^"]*\\)":{"sha256":"\\([0-9a-f]*\\)"/\\2  \\1/' | sha256sum --check --strict --quiet
                    test "$(grep -o '{"sha256":' manifest.json | wc -l)" -eq "$(find . -type f ! -path ./manifest.json \\
                      ! -path ./manifest.p7s ! -path ./manifest.dsse.json ! -path ./time/manifest.tsr | wc -l)"

                A bundle in `policy/` that an installation signed holds `.signatures.json`: `opa build --bundle policy/DIGEST.tar.gz
                --verification-key KEY.pem --output OUT.tar.gz` succeeds only if that key signed each of its files as it is. The key
                comes to you by another way. `origins.json` beside it says which values are the installation's own.

                """;
    }

    /** In a block of their own, for there may be no decision to make again, or none that is chosen. */
    private String decisions() {
        String entry = scope.isOfRecords() ? """
                sed -n 's/.*"entry":"\\([^"]*\\)".*/\\1/p' records.ndjson | while read -r entry; do
                  printf '%s' "$entry" | base64 -d > "$work/entry"
                  ! grep -qF "$which" "$work/entry" || { mv "$work/entry" "$work/event.json"; break; }
                done
                """ : """
                find log/YEAR/tile/entries -type f | LC_ALL=C sort | xargs cat > "$work/entries"
                at=0 end="$(wc -c < "$work/entries")"
                while [ "$at" -lt "$end" ] && [ ! -e "$work/event.json" ]; do
                  length="$(od -An -tu1 -j "$at" -N 2 "$work/entries" | awk '{print $1 * 256 + $2}')"
                  tail -c "+$((at + 3))" "$work/entries" | head -c "$length" > "$work/entry"
                  ! grep -qF "$which" "$work/entry" || mv "$work/entry" "$work/event.json"
                  at=$((at + 2 + length))
                done
                """.replace("YEAR", Integer.toString(year));
        return """
                ## A decision made again, by opa

                `opa eval` (Open Policy Agent 1.x) makes a sealed decision again by the source of the policy that made it, which lies in
                `policy/`, without a network, and succeeds only if the result is the sealed one. `which` is a word of the entry that you
                choose, its `metadata.uid` for instance; as it stands the first decision there is.

                ```sh
                which='"decision":{"'
                work="$(mktemp -d)"
                """ + entry + """
                digest="$(opa eval --format raw --input "$work/event.json" \\
                  'trim_prefix(input.unmapped.keyproof.decision.policy, "sha256:")')"
                mkdir "$work/policy"
                tar -xzf "policy/$digest.tar.gz" -C "$work/policy"
                opa eval --fail --format raw --input "$work/event.json" --data "$work/policy/data.json" \\
                  --data "$work/policy/authz" --data "$work/policy/lib" --data "$work/policy/rules" \\
                  'd := input.unmapped.keyproof.decision; data.keyproof.authz.decision == d.result with input as d.input'
                ```

                """;
    }

    private String tiles() {
        return """
                ## The log, by a C2SP client of somebody else

                `log/%1$d/` is a log in the C2SP tlog-tiles layout; any verifier of that format accepts it with a key of
                `trust/log.vkey`. For example Tessera's, which makes the whole tree anew from the entries: `go install
                %2$s`, renamed to `tlog-fsck`, for file systems have an `fsck` as well. It says whether it succeeded in words only.

                    trap 'rm -f "$key"' EXIT
                    key="$(mktemp)"
                    head -n 1 trust/log.vkey > "$key"
                    tlog-fsck -N=64 -ui=false -storage_url="file://$PWD/log/%1$d/" -public_key="$key" 2>&1 \\
                      | grep "Successfully fsck'd log with size"

                """.formatted(year, TESSERA);
    }

    private String about() {
        return """
                ## What else there is

                Where there are several logs, the commands on one are the same for each other year that has the files.

                Where a scope begins later than its log, `log/%1$d/checkpoint.from` is the newest checkpoint known that is no later, and
                `log/%1$d/consistency.json` the proof (RFC 6962, 2.1.2) that the log continues it up to `log/%1$d/checkpoint`.

                `time/%1$d.ers`, where there is one, is an evidence record (RFC 4998): a time token over `time/%1$d.checkpoint` and
                the tokens that keep it provable after its authority's certificate has ended.

                A key that the trust file names `until` a size proves nothing beyond it alone, and `witnesses N KEY KEY ...` there asks
                that N of these have cosigned the checkpoint.
                """.formatted(year) + (records ? """

                `records.ndjson` holds single entries, each with its inclusion proof (RFC 6962, 2.1.1) under the checkpoint of the log
                that it names: the records that were asked for, or beside a range of entries what these need that lies outside of it.
                That is enrolments of approvers, orders, and the brokers' heads over either, never anything else; nothing in
                `results/` or `keys/` comes of them.
                """ : "");
    }
}
