package dev.keyproof.verify;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;

/** Certificates as PEM in one form only: 64-column base64, line feeds, nothing between. Thread-safe. */
public final class Certificates {
    private static final String LABEL = "CERTIFICATE";

    private Certificates() {}

    /** The certificates as PEM, in the order given. */
    public static String pem(List<X509Certificate> certificates) {
        return Pem.write(LABEL, certificates.stream().map(Certificates::encoded).toList());
    }

    /** The certificates of a PEM text, which must be in the form that {@link #pem} writes. */
    public static List<X509Certificate> parse(String pem) throws CertificateException {
        List<byte[]> all = Pem.read(LABEL, pem)
                .orElseThrow(() -> new CertificateException(
                        "not PEM certificates in canonical form: 64 columns, line feeds, nothing between"));
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> certificates = new ArrayList<>();
        for (byte[] der : all) {
            X509Certificate one = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
            if (!Arrays.equals(encoded(one), der)) {
                throw new CertificateException("more than a certificate");
            }
            certificates.add(one);
        }
        return List.copyOf(certificates);
    }

    /** A chain from the pack: leaf first, self-signed root last. */
    static List<X509Certificate> chain(byte[] pem, String file) throws BrokenPackException {
        try {
            List<X509Certificate> chain = parse(new String(pem, StandardCharsets.ISO_8859_1));
            if (chain.isEmpty()
                    || !chain.getLast()
                            .getSubjectX500Principal()
                            .equals(chain.getLast().getIssuerX500Principal())) {
                throw BrokenPackException.of(Reason.CERTIFICATE_FORM, file, "does not end in a self-signed root");
            }
            return chain;
        } catch (CertificateException e) {
            throw BrokenPackException.of(
                    Reason.CERTIFICATE_FORM, file, "not a chain of certificates: " + e.getMessage());
        }
    }

    /** Checks signatures, constraints and validity of a chain at a time; its root is taken as the anchor. */
    static void requireValid(List<X509Certificate> chain, Instant time, String file) throws BrokenPackException {
        requireValid(chain, time, Set.of(), file);
    }

    /** As {@link #requireValid(List, Instant, String)}, and the whole path is good for the role (RFC 5280, 6.1). */
    static void requireValid(List<X509Certificate> chain, Instant time, Role role, String file)
            throws BrokenPackException {
        role.require(chain, file);
        requireValid(chain, time, Set.of(role.policy()), file);
    }

    private static void requireValid(List<X509Certificate> chain, Instant time, Set<String> policies, String file)
            throws BrokenPackException {
        try {
            X509Certificate root = chain.getLast();
            root.verify(root.getPublicKey());
            root.checkValidity(Date.from(time));
            if (chain.size() == 1) {
                return;
            }
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(time));
            parameters.setInitialPolicies(policies);
            parameters.setExplicitPolicyRequired(!policies.isEmpty());
            CertPath path =
                    CertificateFactory.getInstance("X.509").generateCertPath(chain.subList(0, chain.size() - 1));
            CertPathValidator.getInstance("PKIX").validate(path, parameters);
        } catch (GeneralSecurityException e) {
            throw BrokenPackException.of(reason(e), file, "the chain is not valid at " + time + ": " + e.getMessage());
        }
    }

    private static Reason reason(GeneralSecurityException e) {
        Object why = e instanceof CertPathValidatorException path ? path.getReason() : e.getClass();
        return why == BasicReason.EXPIRED || why == CertificateExpiredException.class
                ? Reason.CERTIFICATE_EXPIRED
                : why == BasicReason.NOT_YET_VALID || why == CertificateNotYetValidException.class
                        ? Reason.CERTIFICATE_NOT_YET_VALID
                        : Reason.CHAIN_NOT_VALID;
    }

    static boolean same(X509Certificate a, X509Certificate b) {
        return Arrays.equals(encoded(a), encoded(b));
    }

    /** A name to show: the common name where there is one. */
    static String name(X509Certificate certificate) {
        String subject = certificate.getSubjectX500Principal().getName();
        int at = subject.indexOf("CN=");
        if (at >= 0) {
            int end = subject.indexOf(',', at);
            return subject.substring(at + 3, end < 0 ? subject.length() : end);
        }
        return subject;
    }

    static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("a certificate that cannot be encoded", e);
        }
    }
}
