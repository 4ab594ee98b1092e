package dev.keyproof.evidence.pack;

import dev.keyproof.verify.ManifestTime;
import dev.keyproof.verify.Role;
import java.nio.charset.StandardCharsets;

/**
 * {@code VERIFY.md}: what to type to check a pack without Keyproof. The commands work as they stand, in an unpacked pack, whatever the
 * clock says: where a time token vouches for the signature, certificates are asked of its time.
 */
final class VerifyText {
    private static final String TESSERA = "github.com/transparency-dev/tessera/cmd/fsck@v1.0.0";

    private final int year;
    private final boolean whole;
    private final boolean stamped;
    private final boolean signatureStamped;

    /**
     * Of a pack.
     *
     * @param year of the log that the commands are about
     * @param whole whether the log is there from its first entry on
     * @param stamped whether a time token is over its checkpoint
     * @param signatureStamped whether one is over the pack's signature
     */
    VerifyText(int year, boolean whole, boolean stamped, boolean signatureStamped) {
        this.year = year;
        this.whole = whole;
        this.stamped = stamped;
        this.signatureStamped = signatureStamped;
    }

    byte[] bytes() {
        return (introduction() + openssl() + files() + (whole ? tiles() : "") + about())
                .getBytes(StandardCharsets.UTF_8);
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
        String time = signatureStamped ? """
                Since when the signature exists. Certificates end; they are asked of this time, and of no other, for without it
                nothing tells an old signature from one that was made after the end.

                    signed="$(openssl ts -reply -in %1$s -text 2>&1 | sed -n 's/^Time stamp: //p')"
                    at="-attime $(date -d "$signed" +%%s)"
                    openssl ts -verify -data manifest.p7s -in %1$s -CAfile %2$s $at

                """.formatted(ManifestTime.NAME, ManifestTime.CHAIN) : """
                Nobody vouches for when this pack was signed: once the certificates have ended, nothing tells its signature from one
                that was made after the end.

                    at=

                """;
        String checkpoint = stamped
                ? "    openssl ts -verify -data log/%1$d/checkpoint -in time/%1$d.tsr -CAfile trust/tsa.pem $at\n"
                        .formatted(year)
                : "";
        return time + """
                The manifest, and the log's checkpoint. The policies are roles: `%2$s` of whoever signs packs,
                `%3$s` of whoever signs a log's checkpoints; without `-policy OID -explicit_policy` either would
                do in the other's place.

                    openssl cms -verify -binary -inform DER -in manifest.p7s -content manifest.json \\
                      -CAfile trust/signer.pem -no-CApath -no-CAstore -purpose any \\
                      -policy %2$s -explicit_policy $at -out /dev/null
                    openssl cms -verify -binary -inform DER -in log/%1$d/checkpoint.p7s -content log/%1$d/checkpoint \\
                      -CAfile trust/signer.pem -no-CApath -no-CAstore -purpose any \\
                      -policy %3$s -explicit_policy $at -out /dev/null
                """.formatted(year, Role.PACK.policy(), Role.LOG.policy()) + checkpoint + "\n";
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

                `time/%1$d.ers`, where there is one, is an evidence record (RFC 4998): a time token over `time/%1$d.checkpoint` and
                the tokens that keep it provable after its authority's certificate has ended.

                A key that the trust file names `until` a size proves nothing beyond it alone, and `witnesses N KEY KEY ...` there asks
                that N of these have cosigned the checkpoint.
                """.formatted(year);
    }
}
