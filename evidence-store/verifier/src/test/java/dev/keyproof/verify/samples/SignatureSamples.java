package dev.keyproof.verify.samples;

import dev.keyproof.verify.DetachedCms;
import dev.keyproof.verify.Manifest;
import dev.keyproof.verify.PackWriter;
import dev.keyproof.verify.Reason;
import dev.keyproof.verify.Role;
import dev.keyproof.verify.TrustFile;
import dev.keyproof.verify.testing.TestingAuthority;
import dev.keyproof.verify.testing.TestingPack;
import dev.keyproof.verify.testing.TestingTimeStamps;
import dev.keyproof.verify.testing.TestingZip;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.cms.SignerInfo;

/** Packs signed by somebody else, with something else, or at another time. */
final class SignatureSamples {
    private static final BigInteger ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    private final Samples samples;
    private final TestingPack testing;
    private final Instant now = Instant.now();

    SignatureSamples(Samples samples) {
        this.samples = samples;
        this.testing = samples.testing;
    }

    List<Sample> all() {
        return List.of(
                cmsOfAnotherPack(),
                envelopeOfAnotherPack(),
                twinOfTheSignature(),
                forged(),
                noRoot(),
                signedAfterTheEnd(),
                backDated(),
                borrowedRoot(),
                withoutRole(),
                byTheLogsKey(),
                signedAgain());
    }

    private Sample cmsOfAnotherPack() {
        return spliced(Reason.CMS_FORM, Manifest.CMS);
    }

    private Sample envelopeOfAnotherPack() {
        return spliced(Reason.DSSE_FORM, Manifest.DSSE);
    }

    /** Of an ECDSA signature (r, s) also (r, -s) holds. */
    private Sample twinOfTheSignature() {
        try {
            byte[] pack = samples.unstamped(samples.entries);
            byte[] cms = TestingZip.file(pack, Manifest.CMS);
            SignedData data =
                    SignedData.getInstance(ContentInfo.getInstance(cms).getContent());
            ASN1Sequence pair = ASN1Sequence.getInstance(
                    SignerInfo.getInstance(data.getSignerInfos().getObjectAt(0))
                            .getEncryptedDigest()
                            .getOctets());
            ASN1EncodableVector twin = new ASN1EncodableVector();
            twin.add(pair.getObjectAt(0));
            twin.add(new ASN1Integer(
                    ORDER.subtract(ASN1Integer.getInstance(pair.getObjectAt(1)).getPositiveValue())));
            byte[] bent = DetachedCms.encode(
                    TestingZip.file(pack, Manifest.NAME),
                    testing.signer.chain(),
                    new DERSequence(twin).getEncoded("DER"));
            return samples.of(
                    Reason.SIGNATURE_FORM,
                    TestingZip.with(pack, Manifest.CMS, bent),
                    "manifest.p7s: the signature is not in its canonical form");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The signer's certificate, and another's key. */
    private Sample forged() {
        TestingAuthority forger = TestingAuthority.signer("Forger");
        return by(
                Reason.SIGNATURE_FALSE,
                signer(testing.signer.chain(), forger),
                testing.trust(),
                "manifest.p7s: the signature is not the signer's over this content");
    }

    private Sample noRoot() {
        return by(
                Reason.CERTIFICATE_FORM,
                signer(testing.signer.chain().subList(0, 1), testing.signer),
                testing.trust(),
                "trust/signer.pem: does not end in a self-signed root");
    }

    /** The checkpoint is stamped while the signer was good; the manifest is signed now, by the key that leaked. */
    private Sample signedAfterTheEnd() {
        TestingAuthority ended =
                TestingAuthority.signer("Ended", now.minus(Duration.ofDays(9)), now.minus(Duration.ofHours(1)));
        return of(
                Reason.CERTIFICATE_EXPIRED,
                ended,
                trusted(ended),
                Optional.empty(),
                "trust/signer.pem: the chain is not valid at ");
    }

    /** Stamped by an authority whose clock was set back, before the signer began. */
    private Sample backDated() {
        TestingTimeStamps slow = new TestingTimeStamps(TestingAuthority.timeStamper(
                "Slow time", now.minus(Duration.ofDays(30)), now.plus(Duration.ofDays(30))));
        TrustFile trust = testing.trust()
                .and(new TrustFile(
                        List.of(), List.of(slow.chain().getLast()), List.of(), Map.of(), List.of(), List.of()));
        return of(
                Reason.CERTIFICATE_NOT_YET_VALID,
                testing.signer,
                trust,
                Optional.of(slow.at(now.minus(Duration.ofDays(5)))),
                "trust/signer.pem: the chain is not valid at ");
    }

    /** A certificate of the forger's own under the root that the auditor knows. */
    private Sample borrowedRoot() {
        TestingAuthority forger = TestingAuthority.signer("Forger");
        return by(
                Reason.CHAIN_NOT_VALID,
                signer(List.of(forger.chain().getFirst(), testing.signer.root()), forger),
                testing.trust(),
                "trust/signer.pem: the chain is not valid at ");
    }

    private Sample withoutRole() {
        TestingAuthority nobody = TestingAuthority.of("Nobody", List.of());
        return by(
                Reason.SIGNER_ROLE,
                nobody,
                trusted(nobody),
                "trust/signer.pem: the certificate of Nobody may not sign packs: it lacks the policy "
                        + Role.PACK.policy());
    }

    private Sample byTheLogsKey() {
        KeyPair key = testing.logKey();
        return by(
                Reason.SIGNER_IS_LOG_KEY,
                testing.signer.with(testing.signer.chainOf("Test log", key, Role.PACK), key),
                testing.trust(),
                "trust/signer.pem: the key of Test log is a key of a log: it may not sign packs");
    }

    /** The same content and the same names, and a root of the forger's own. */
    private Sample signedAgain() {
        return by(
                Reason.SIGNER_UNTRUSTED,
                TestingAuthority.signer("Test signer"),
                testing.trust(),
                "trust/signer.pem: signed by Test signer under Test signer root, which the trust file does not name");
    }

    private Sample spliced(Reason reason, String file) {
        try {
            byte[] pack =
                    TestingZip.with(samples.unstamped(samples.entries), file, TestingZip.file(samples.other(), file));
            return samples.of(reason, pack, file + ", byte ");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Sample by(Reason reason, PackWriter.Signer signer, TrustFile trust, String says) {
        return of(reason, signer, trust, Optional.of(samples.stamper()), says);
    }

    private Sample of(
            Reason reason,
            PackWriter.Signer signer,
            TrustFile trust,
            Optional<PackWriter.Stamper> stamper,
            String says) {
        byte[] pack = testing.pack(samples.entries, signer, files -> {}, stamper, logs -> logs);
        return new Sample(reason, pack, trust, says);
    }

    private TrustFile trusted(TestingAuthority signer) {
        return testing.trust()
                .and(new TrustFile(List.of(signer.root()), List.of(), List.of(), Map.of(), List.of(), List.of()));
    }

    private static PackWriter.Signer signer(List<X509Certificate> chain, PackWriter.Signer key) {
        return new PackWriter.Signer() {
            @Override
            public List<X509Certificate> chain() {
                return chain;
            }

            @Override
            public byte[] sign(byte[] message) throws GeneralSecurityException {
                return key.sign(message);
            }
        };
    }
}
