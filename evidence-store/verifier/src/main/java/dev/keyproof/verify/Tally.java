package dev.keyproof.verify;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Counts while a verification runs. Used by one thread. */
final class Tally {
    private final long bytes;
    private final List<Summary.LogState> logs = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Set<String> unprovenApprovers = new TreeSet<>();
    private int files;
    private Summary.@Nullable Signer signer;
    private @Nullable PackContents contents;
    private long approvals;
    private long uncovered;
    private long ordersNotThere;
    private int policies;

    Tally(long bytes) {
        this.bytes = bytes;
    }

    void files(int count) {
        files = count;
    }

    void signer(List<X509Certificate> chain) {
        signer = new Summary.Signer(
                Certificates.name(chain.getFirst()),
                Certificates.name(chain.getLast()),
                Digests.hex(Certificates.encoded(chain.getLast())),
                null,
                null);
    }

    /** When the signer's signature existed. */
    void signed(TimeToken time) {
        Summary.Signer known = signer;
        signer = known == null
                ? null
                : new Summary.Signer(known.name(), known.rootName(), known.rootSha256(), time.time(), time.authority());
    }

    void log(Manifest.Log log, List<String> signedBy, @Nullable TimeToken time) {
        logs.add(new Summary.LogState(
                log.origin(),
                log.from(),
                log.size(),
                Base64.getEncoder().encodeToString(log.root()),
                signedBy,
                time == null ? null : time.time(),
                time == null ? null : time.authority()));
    }

    void contents(PackContents all) {
        contents = all;
    }

    void policies(int count) {
        policies = count;
    }

    void approval(Set<String> unproven, boolean coversParameters) {
        approvals++;
        uncovered += coversParameters ? 0 : 1;
        unprovenApprovers.addAll(unproven);
    }

    /** A key was destroyed on an order that no entry of the pack holds. */
    void orderNotThere() {
        ordersNotThere++;
    }

    void note(String sentence) {
        if (!notes.contains(sentence)) {
            notes.add(sentence);
        }
    }

    Summary summary() {
        List<String> all = new ArrayList<>(notes);
        if (!unprovenApprovers.isEmpty()) {
            all.add("Approvals are consistent; no trust file names the approvers "
                    + String.join(", ", unprovenApprovers) + ".");
        }
        if (uncovered > 0) {
            all.add(String.format(
                    Locale.ROOT,
                    "Approvals made out to an operation without the parameters that it had, which nobody approved: %,d.",
                    uncovered));
        }
        if (ordersNotThere > 0) {
            all.add(String.format(
                    Locale.ROOT,
                    "Destructions ordered before what the pack holds, their approvals not in it: %,d.",
                    ordersNotThere));
        }
        PackContents known = contents == null ? new PackContents() : contents;
        if (known.unattested() > 0) {
            all.add(String.format(
                    Locale.ROOT,
                    "Records of Keyproof's own parts that no signed head in the pack covers: %,d."
                            + " They are data; nothing that they say of keys, approvers or approvals counts.",
                    known.unattested()));
        }
        if (known.notUnderstood() > 0) {
            all.add(String.format(
                    Locale.ROOT,
                    "Of what entries say, %,d could not be understood: " + PackContents.NOT_UNDERSTOOD + ".",
                    known.notUnderstood()));
        }
        return new Summary(
                files,
                bytes,
                signer,
                List.copyOf(logs),
                known.entries(),
                known.supporting(),
                known.decisions(),
                known.findings(),
                approvals,
                known.keys(),
                policies,
                List.copyOf(all));
    }
}
