package dev.keyproof.verify;

import java.nio.charset.StandardCharsets;
import java.security.cert.CRLException;
import java.security.cert.CRLReason;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether a certificate had been revoked before its key signed for the pack: the revocation lists that it carries, held against every
 * chain in it. Each must be issued by an authority of the chain and be in force when the pack was signed. Used by one thread.
 */
final class Revocations {
    /** Whose key somebody else may have can be made to state any time; for other reasons only what was signed later is void (RFC 3161, 4). */
    private static final Set<CRLReason> TIMES_STAND =
            EnumSet.of(CRLReason.AFFILIATION_CHANGED, CRLReason.SUPERSEDED, CRLReason.CESSATION_OF_OPERATION);

    private final List<Use> uses = new ArrayList<>();

    /** A chain signed something, at a time that it states itself or that another vouches for. */
    private record Use(String file, List<X509Certificate> chain, Instant time, boolean statesTimes) {}

    /** A signer did; {@code time} is when its signature existed. */
    void signed(String file, List<X509Certificate> chain, Instant time) {
        uses.add(new Use(file, chain, time, false));
    }

    /** A time-stamp authority did. */
    void stamped(String file, List<X509Certificate> chain, Instant time) {
        uses.add(new Use(file, chain, time, true));
    }

    /** Checks all. {@code packed} is when the pack was signed; empty where nobody vouches for that, so that nothing can be asked of it. */
    void check(CanonicalZip zip, Optional<Instant> packed, Tally tally) throws BrokenPackException {
        Set<String> unsaid = new TreeSet<>();
        Set<String> checked = new HashSet<>();
        for (Use use : uses) {
            String file = Crls.beside(use.file);
            List<X509CRL> crls = zip.has(file) ? crls(zip.bytes(file), file) : List.of();
            if (checked.add(use.file)) {
                for (X509CRL crl : crls) {
                    requireIssued(crl, use, file);
                    requireCurrent(crl, packed, file);
                }
            }
            for (int i = 0; i < use.chain.size() - 1; i++) {
                X509Certificate certificate = use.chain.get(i);
                X509Certificate issuer = use.chain.get(i + 1);
                List<X509CRL> own =
                        crls.stream().filter(crl -> Crls.isOf(crl, issuer)).toList();
                if (own.isEmpty()) {
                    unsaid.add(Certificates.name(certificate));
                }
                for (X509CRL crl : own) {
                    requireNotRevoked(certificate, crl, use, tally);
                }
            }
        }
        if (!unsaid.isEmpty()) {
            tally.note(
                    "Whether their certificates were revoked is not said in the pack, which holds no revocation list for: "
                            + String.join(", ", unsaid) + ".");
        }
    }

    private static List<X509CRL> crls(byte[] pem, String file) throws BrokenPackException {
        try {
            List<X509CRL> crls = Crls.parse(new String(pem, StandardCharsets.ISO_8859_1));
            // A list of only some certificates, or of others' than its issuer's, says so in an extension of these.
            if (crls.stream().anyMatch(X509CRL::hasUnsupportedCriticalExtension)) {
                throw BrokenPackException.of(Reason.CRL_FORM, file, "holds a list in parts, or of other issuers");
            }
            return crls;
        } catch (CRLException e) {
            throw BrokenPackException.of(Reason.CRL_FORM, file, "not revocation lists: " + e.getMessage());
        }
    }

    private static void requireIssued(X509CRL crl, Use use, String file) throws BrokenPackException {
        if (use.chain.stream().skip(1).noneMatch(authority -> Crls.isOf(crl, authority))) {
            throw BrokenPackException.of(
                    Reason.CRL_FALSE, file, "holds a list that no authority in " + use.file + " issued");
        }
    }

    private static void requireCurrent(X509CRL crl, Optional<Instant> packed, String file) throws BrokenPackException {
        Date next = crl.getNextUpdate();
        if (packed.isPresent()
                && (crl.getThisUpdate().toInstant().isAfter(packed.get())
                        || next == null
                        || next.toInstant().isBefore(packed.get()))) {
            throw BrokenPackException.of(
                    Reason.CRL_NOT_CURRENT,
                    file,
                    "holds a list from " + crl.getThisUpdate().toInstant() + " to "
                            + (next == null ? "no end" : next.toInstant()) + ", and the pack was signed at "
                            + packed.get());
        }
    }

    private static void requireNotRevoked(X509Certificate certificate, X509CRL crl, Use use, Tally tally)
            throws BrokenPackException {
        X509CRLEntry entry = crl.getRevokedCertificate(certificate.getSerialNumber());
        if (entry == null) {
            return;
        }
        Instant revoked = entry.getRevocationDate().toInstant();
        CRLReason why = entry.getRevocationReason();
        boolean stands = !use.statesTimes || (why != null && TIMES_STAND.contains(why));
        if (!revoked.isAfter(use.time) || !stands) {
            throw BrokenPackException.of(
                    Reason.CERTIFICATE_REVOKED,
                    use.file,
                    "the certificate of " + Certificates.name(certificate) + " was revoked at " + revoked
                            + ", and signed at " + use.time);
        }
        tally.note("The certificate of " + Certificates.name(certificate) + " was revoked at " + revoked
                + ", after what it signed here at " + use.time + ".");
    }
}
