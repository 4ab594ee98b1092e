package dev.keyproof.verify.samples;

import dev.keyproof.verify.Crls;
import dev.keyproof.verify.Reason;
import dev.keyproof.verify.testing.TestingAuthority;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x509.CRLReason;

/** Packs of a signer that was revoked, and packs whose lists of such are no good. */
final class RevocationSamples {
    private static final String LIST = "trust/signer.crl";

    private final Samples samples;
    private final TestingAuthority signer;
    private final Instant now = Instant.now();

    RevocationSamples(Samples samples) {
        this.samples = samples;
        this.signer = samples.testing.signer;
    }

    List<Sample> all() {
        return List.of(noList(), forged(), outdated(), revoked());
    }

    private Sample noList() {
        return samples.bent(
                Reason.CRL_FORM,
                LIST + ": not revocation lists: ",
                files -> files.put(LIST, Samples.bytes("nobody was revoked\n")));
    }

    /** By a root of the same name, and a key of the forger's own. */
    private Sample forged() {
        return bent(
                Reason.CRL_FALSE,
                "holds a list that no authority in trust/signer.pem issued",
                TestingAuthority.signer("Test signer").crl());
    }

    /** From before the signer was revoked. */
    private Sample outdated() {
        return bent(
                Reason.CRL_NOT_CURRENT,
                "holds a list from ",
                signer.crl(
                        now.minus(Duration.ofDays(9)),
                        now.minus(Duration.ofDays(8)),
                        Map.of(),
                        CRLReason.keyCompromise));
    }

    /** The certificate is valid, the token is of today, and whoever lost the key said so an hour before. */
    private Sample revoked() {
        return samples.bent(
                Reason.CERTIFICATE_REVOKED,
                "trust/signer.pem: the certificate of Test signer was revoked at ",
                files -> files.put(
                        LIST, list(signer.crl(Map.of(signer.chain().getFirst(), now.minus(Duration.ofHours(1)))))));
    }

    private Sample bent(Reason reason, String says, X509CRL crl) {
        return samples.bent(reason, LIST + ": " + says, files -> files.put(LIST, list(crl)));
    }

    private static byte[] list(X509CRL crl) {
        return Samples.bytes(Crls.pem(List.of(crl)));
    }
}
