package dev.keyproof.verify;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Certificate revocation lists (RFC 5280, 5) as PEM in one form only, beside the chains that they are about. Thread-safe. */
public final class Crls {
    private static final String LABEL = "X509 CRL";
    private static final int CRL_SIGN = 6;

    private Crls() {}

    /** Where the lists that concern a chain stand in a pack: the signers of packs and of checkpoints have one issuer, and one list. */
    public static String beside(String chain) {
        return chain.equals(CheckpointCms.CHAIN) ? "trust/signer.crl" : chain.replace(".pem", ".crl");
    }

    /** The lists as PEM, in the order given. */
    public static String pem(List<X509CRL> crls) {
        return Pem.write(LABEL, crls.stream().map(Crls::encoded).toList());
    }

    /** The lists of a PEM text, which must be in the form that {@link #pem} writes. */
    public static List<X509CRL> parse(String pem) throws CRLException {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            List<X509CRL> crls = new ArrayList<>();
            for (byte[] der : Pem.read(LABEL, pem)
                    .orElseThrow(() -> new CRLException("not PEM in canonical form: 64 columns, nothing between"))) {
                X509CRL crl = (X509CRL) factory.generateCRL(new ByteArrayInputStream(der));
                if (!Arrays.equals(encoded(crl), der)) {
                    throw new CRLException("more than a list");
                }
                crls.add(crl);
            }
            return List.copyOf(crls);
        } catch (CertificateException e) {
            throw new IllegalStateException("a Java without X.509", e);
        }
    }

    /** Whether an authority issued a list: by name, by signature, and allowed to. */
    public static boolean isOf(X509CRL crl, X509Certificate authority) {
        if (!mayIssue(authority) || !crl.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
            return false;
        }
        try {
            crl.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Whether an authority may issue lists; one whose certificate does not say so may not. */
    public static boolean mayIssue(X509Certificate authority) {
        boolean[] uses = authority.getKeyUsage();
        return uses != null && uses[CRL_SIGN];
    }

    private static byte[] encoded(X509CRL crl) {
        try {
            return crl.getEncoded();
        } catch (CRLException e) {
            throw new IllegalArgumentException("a list that cannot be encoded", e);
        }
    }
}
