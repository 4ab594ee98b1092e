package dev.keyproof.verify;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.bouncycastle.cert.X509CertificateHolder;

/**
 * What a signer may sign, as a policy of its certificate (RFC 5280, 4.2.1.4). The identifiers are made of UUIDs (X.667), so that
 * nobody need own an arc, and standard tools check them: {@code openssl cms -verify ... -policy OID -explicit_policy}. A
 * certificate has one role, and the time-stamp authority's ({@code id-kp-timeStamping}) is none of them.
 */
public enum Role {
    /** Signs {@code manifest.json} of packs, and nothing else. */
    PACK("2.25.65734375842519584931604011582239269110", "sign packs", Reason.SIGNER_ROLE),

    /** Signs the CMS copies of a log's checkpoints, and nothing else. */
    LOG("2.25.97934743654646558081223651292563696416", "sign a log's checkpoints", Reason.LOG_SIGNER_ROLE);

    private static final int DIGITAL_SIGNATURE = 0;

    private final String policy;
    private final String use;
    private final Reason otherwise;

    Role(String policy, String use, Reason otherwise) {
        this.policy = policy;
        this.use = use;
        this.otherwise = otherwise;
    }

    /** The policy's object identifier, dotted. */
    public String policy() {
        return policy;
    }

    /** Whether a certificate is one of this role alone, and not an authority's own where somebody else issued it. */
    public boolean isOf(X509Certificate certificate) {
        return refusal(certificate, false).isEmpty();
    }

    /** Checks the leaf of a chain; its path, and when it was valid, are checked elsewhere. */
    void require(List<X509Certificate> chain, String file) throws BrokenPackException {
        String refusal = refusal(chain.getFirst(), chain.size() == 1);
        if (!refusal.isEmpty()) {
            throw BrokenPackException.of(
                    otherwise,
                    file,
                    "the certificate of " + Certificates.name(chain.getFirst()) + " may not " + use + ": " + refusal);
        }
    }

    /** Empty if there is nothing against it. */
    private String refusal(X509Certificate certificate, boolean selfSigned) {
        boolean[] uses = certificate.getKeyUsage();
        if (uses == null || !uses[DIGITAL_SIGNATURE]) {
            return "its key usage is not digitalSignature";
        }
        if (!selfSigned && certificate.getBasicConstraints() >= 0) {
            return "it is an authority's";
        }
        try {
            X509CertificateHolder holder = new X509CertificateHolder(Certificates.encoded(certificate));
            CertificatePolicies policies = CertificatePolicies.fromExtensions(holder.getExtensions());
            Set<String> own = new TreeSet<>();
            if (policies != null) {
                for (PolicyInformation one : policies.getPolicyInformation()) {
                    own.add(one.getPolicyIdentifier().getId());
                }
            }
            if (!own.contains(policy)) {
                return "it lacks the policy " + policy;
            }
            if (Arrays.stream(values()).anyMatch(other -> other != this && own.contains(other.policy))) {
                return "it has another role as well";
            }
            List<String> purposes = certificate.getExtendedKeyUsage();
            return purposes != null && purposes.contains(KeyPurposeId.id_kp_timeStamping.getId())
                    ? "it is a time-stamp authority's"
                    : "";
        } catch (IOException | java.security.cert.CertificateParsingException | IllegalArgumentException e) {
            return "its extensions cannot be read";
        }
    }
}
