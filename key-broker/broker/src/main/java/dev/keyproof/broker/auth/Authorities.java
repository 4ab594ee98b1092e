package dev.keyproof.broker.auth;

import dev.keyproof.broker.config.BrokerProperties;
import dev.keyproof.broker.config.ConfigurationFault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.cert.CRL;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The authorities of one kind of caller and what they revoked, read again when a file changes. Where lists of revoked certificates
 * are configured, each issuer of a chain must have one that is in force. Thread-safe.
 */
final class Authorities {
    private final BrokerProperties.AuthoritySettings settings;
    private final CertificateFactory factory;
    // Guarded by this.
    private Read read;

    /**
     * Reads the files.
     *
     * @throws ConfigurationFault if they cannot be
     */
    Authorities(BrokerProperties.AuthoritySettings settings) {
        this.settings = settings;
        try {
            this.factory = CertificateFactory.getInstance("X.509");
            this.read = read();
        } catch (GeneralSecurityException | IOException e) {
            throw new ConfigurationFault(settings.name() + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** What the files said at those times. */
    private record Read(Map<Path, FileTime> times, Set<TrustAnchor> anchors, List<CRL> revoked) {}

    /**
     * Returns if the chain leads to one of the authorities now, and nothing in it is revoked.
     *
     * @param chain as it was shown, the leaf first
     */
    void verify(List<X509Certificate> chain, Instant now) throws CertificateRefused {
        try {
            Read current = current();
            Set<X509Certificate> roots =
                    current.anchors().stream().map(TrustAnchor::getTrustedCert).collect(Collectors.toSet());
            List<X509Certificate> path =
                    chain.stream().filter(one -> !roots.contains(one)).toList();
            if (path.isEmpty()) {
                throw new CertificateRefused("certificate-untrusted");
            }
            CertPathValidator validator = CertPathValidator.getInstance("PKIX");
            PKIXParameters parameters = new PKIXParameters(current.anchors());
            parameters.setDate(Date.from(now));
            parameters.setRevocationEnabled(false);
            if (!settings.crls().isEmpty()) {
                PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
                checker.setOptions(
                        Set.of(PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
                parameters.addCertPathChecker(checker);
                parameters.addCertStore(
                        CertStore.getInstance("Collection", new CollectionCertStoreParameters(current.revoked())));
            }
            validator.validate(factory.generateCertPath(path), parameters);
        } catch (CertPathValidatorException e) {
            throw new CertificateRefused(reason(e), e);
        } catch (GeneralSecurityException | IOException e) {
            throw new CertificateRefused("certificate-untrusted", e);
        }
    }

    private static String reason(CertPathValidatorException why) {
        return switch (why.getReason()) {
            case BasicReason.EXPIRED, BasicReason.NOT_YET_VALID -> "certificate-expired";
            case BasicReason.REVOKED -> "certificate-revoked";
            case BasicReason.UNDETERMINED_REVOCATION_STATUS -> "certificate-revocation-unknown";
            default -> "certificate-untrusted";
        };
    }

    private synchronized Read current() throws GeneralSecurityException, IOException {
        if (!times().equals(read.times())) {
            read = read();
        }
        return read;
    }

    private Map<Path, FileTime> times() throws IOException {
        Map<Path, FileTime> times = new TreeMap<>();
        times.put(settings.authorities(), Files.getLastModifiedTime(settings.authorities()));
        for (Path crl : settings.crls()) {
            times.put(crl, Files.getLastModifiedTime(crl));
        }
        return times;
    }

    private Read read() throws GeneralSecurityException, IOException {
        Map<Path, FileTime> times = times();
        Set<TrustAnchor> anchors;
        try (InputStream in = Files.newInputStream(settings.authorities())) {
            anchors = factory.generateCertificates(in).stream()
                    .map(one -> new TrustAnchor((X509Certificate) one, null))
                    .collect(Collectors.toSet());
        }
        if (anchors.isEmpty()) {
            throw new IOException(settings.authorities() + " has no certificates");
        }
        List<CRL> revoked = new ArrayList<>();
        for (Path crl : settings.crls()) {
            try (InputStream in = Files.newInputStream(crl)) {
                revoked.addAll(factory.generateCRLs(in));
            }
        }
        return new Read(times, anchors, List.copyOf(revoked));
    }
}
