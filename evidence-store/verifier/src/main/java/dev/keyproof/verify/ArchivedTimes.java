package dev.keyproof.verify;

import dev.keyproof.log.note.Checkpoint;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A log's evidence record in a pack: {@code time/YEAR.ers} over {@code time/YEAR.checkpoint}, which may be an earlier one than the
 * pack's; {@code trust/tsa-roots.pem} holds the roots of its authorities.
 */
public final class ArchivedTimes {
    /** The roots' file in a pack. */
    public static final String ROOTS = "trust/tsa-roots.pem";

    private ArchivedTimes() {}

    /** The record's file. */
    public static String record(Manifest.Log log) {
        return "time/" + year(log) + ".ers";
    }

    /** The file of the checkpoint that it is over. */
    public static String checkpoint(Manifest.Log log) {
        return "time/" + year(log) + ".checkpoint";
    }

    private static String year(Manifest.Log log) {
        return log.path().substring(log.path().lastIndexOf('/') + 1);
    }

    /** Checks the record if there is one; returns what it proves, in a sentence. */
    static Optional<String> check(CanonicalZip zip, Manifest.Log log, LogCheck logCheck, @Nullable TrustFile anchor)
            throws BrokenPackException {
        String file = record(log);
        if (!zip.has(file)) {
            if (zip.has(checkpoint(log))) {
                throw BrokenPackException.of(
                        Reason.EVIDENCE_RECORD_MISSING, checkpoint(log), "there is no evidence record over it");
            }
            return Optional.empty();
        }
        Checkpoint covered = logCheck.continues(checkpoint(log));
        ArchivedTime time = ArchivedTime.verify(zip.bytes(file), zip.bytes(checkpoint(log)), roots(zip, anchor), file);
        String sentence = String.format(
                Locale.ROOT,
                "%s existed with %,d entries at %s: an evidence record of %d tokens, the last at %s by %s.",
                log.origin(),
                covered.size(),
                time.since(),
                time.tokens(),
                time.renewed(),
                time.authority());
        boolean shown = !zip.under(log.path() + "/tile").isEmpty() || covered.size() == log.size();
        return Optional.of(
                shown ? sentence : sentence + " Single records do not show that this log is a continuation of that.");
    }

    private static List<X509Certificate> roots(CanonicalZip zip, @Nullable TrustFile anchor)
            throws BrokenPackException {
        try {
            List<X509Certificate> roots = Certificates.parse(new String(zip.bytes(ROOTS), StandardCharsets.ISO_8859_1));
            for (X509Certificate root : roots) {
                if (anchor != null
                        && anchor.timeStampers().stream().noneMatch(known -> Certificates.same(known, root))) {
                    throw BrokenPackException.of(
                            Reason.TIME_AUTHORITY_UNTRUSTED,
                            ROOTS,
                            "holds " + Certificates.name(root) + ", which the trust file does not name");
                }
            }
            return roots;
        } catch (CertificateException e) {
            throw BrokenPackException.of(Reason.CERTIFICATE_FORM, ROOTS, "not certificates: " + e.getMessage());
        }
    }
}
