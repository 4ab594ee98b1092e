package dev.keyproof.evidence.head;

import dev.keyproof.evidence.store.DurableFiles;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.verify.Crls;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CRLException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;

/**
 * The root's list of signers whose keys were lost (RFC 5280, 5): issued when somebody asks and the last one is older than an hour or
 * lists others, so that packs of the same hour hold the same. Keys rolled over for no such reason are not on it. Thread-safe.
 */
final class RevokedSigners {
    /** As long a list may be signed over before it must be issued again: the time to build a pack, and a clock that is late. */
    private static final Duration IN_FORCE = Duration.ofDays(1);

    private static final Duration KEPT = Duration.ofHours(1);

    /** Clocks of time-stamp authorities may be behind by so much. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private final SealToken keys;
    private final X509Certificate root;
    private final CheckpointCms cms;
    private final LogSigners signing;
    private final Path file;

    /** {@code root} certified the signers, {@code signing} knows which were lost; the last list is kept in {@code file}. */
    RevokedSigners(SealToken keys, X509Certificate root, CheckpointCms cms, LogSigners signing, Path file) {
        this.keys = keys;
        this.root = root;
        this.cms = cms;
        this.signing = signing;
        this.file = file;
    }

    /** The authority that issues it. */
    X509Certificate root() {
        return root;
    }

    /** The list in force at a time; empty where the root is from before there were lists, and certified for certificates alone. */
    synchronized Optional<X509CRL> at(Instant now) throws EvidenceException {
        if (!Crls.mayIssue(root)) {
            return Optional.empty();
        }
        Map<BigInteger, Instant> revoked = new TreeMap<>();
        for (Map.Entry<Integer, Instant> lost : signing.compromised().entrySet()) {
            revoked.put(
                    cms.certificate(lost.getKey()).getSerialNumber(),
                    lost.getValue().truncatedTo(ChronoUnit.SECONDS));
        }
        Optional<X509CRL> kept = kept().filter(list -> isAsGood(list, revoked.keySet(), now));
        return Optional.of(kept.isPresent() ? kept.get() : issued(revoked, now));
    }

    private static boolean isAsGood(X509CRL list, Set<BigInteger> revoked, Instant now) {
        Instant since = list.getThisUpdate().toInstant();
        return !since.isAfter(now)
                && now.isBefore(since.plus(KEPT))
                && serials(list).equals(revoked);
    }

    private static Set<BigInteger> serials(X509CRL list) {
        var entries = list.getRevokedCertificates();
        return entries == null
                ? Set.of()
                : entries.stream().map(entry -> entry.getSerialNumber()).collect(Collectors.toSet());
    }

    private Optional<X509CRL> kept() throws EvidenceException {
        try {
            return Files.exists(file)
                    ? Crls.parse(Files.readString(file)).stream()
                            .filter(list -> Crls.isOf(list, root))
                            .findFirst()
                    : Optional.empty();
        } catch (IOException | CRLException e) {
            throw new EvidenceException("the revocation list in " + file + " cannot be used: " + e.getMessage(), e);
        }
    }

    private X509CRL issued(Map<BigInteger, Instant> revoked, Instant now) throws EvidenceException {
        try {
            Instant since = now.minus(SKEW).truncatedTo(ChronoUnit.SECONDS);
            X509v2CRLBuilder list = new X509v2CRLBuilder(
                    X500Name.getInstance(root.getSubjectX500Principal().getEncoded()), Date.from(since));
            list.setNextUpdate(Date.from(since.plus(IN_FORCE)));
            revoked.forEach((serial, when) -> list.addCRLEntry(serial, Date.from(when), CRLReason.keyCompromise));
            list.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(root.getPublicKey()));
            list.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(now.toEpochMilli())));
            X509CRL issued = new JcaX509CRLConverter().getCRL(list.build(keys.rootSigner()));
            DurableFiles.write(file, Crls.pem(List.of(issued)).getBytes(StandardCharsets.US_ASCII));
            return issued;
        } catch (IOException | GeneralSecurityException e) {
            throw new EvidenceException("the list of revoked signers was not issued: " + e.getMessage(), e);
        }
    }
}
