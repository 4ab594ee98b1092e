package dev.keyproof.verify;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cmp.PKIStatus;
import org.bouncycastle.asn1.cmp.PKIStatusInfo;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.IssuerAndSerialNumber;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.cms.SignerIdentifier;
import org.bouncycastle.asn1.cms.SignerInfo;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.tsp.TimeStampResp;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Certificate;

/**
 * {@code time/manifest.tsr}: an RFC 3161 answer over {@code manifest.p7s}, so over the signature itself. Made after the manifest it is
 * not listed there; in its place every byte that the authority did not sign has one form, which a verifier writes again and compares.
 */
public final class ManifestTime {
    /** The answer's name in the pack. */
    public static final String NAME = "time/manifest.tsr";

    /** The authority's certificate first, its self-signed root last. */
    public static final String CHAIN = "trust/manifest-tsa.pem";

    private ManifestTime() {}

    /** The answer with nothing in it but what was signed and the chain. */
    static byte[] canonical(byte[] answer, List<X509Certificate> chain) throws BrokenPackException {
        try {
            TimeStampResp read = TimeStampResp.getInstance(answer);
            SignedData data = SignedData.getInstance(read.getTimeStampToken().getContent());
            ASN1Set signers = data.getSignerInfos();
            if (signers.size() != 1) {
                throw BrokenPackException.of(Reason.TIME_FORM, NAME, "has " + signers.size() + " signers, not one");
            }
            SignerInfo signer = SignerInfo.getInstance(signers.getObjectAt(0));
            AlgorithmIdentifier digest =
                    new AlgorithmIdentifier(signer.getDigestAlgorithm().getAlgorithm());
            ASN1EncodableVector certificates = new ASN1EncodableVector();
            for (X509Certificate certificate : chain) {
                certificates.add(Certificate.getInstance(Certificates.encoded(certificate)));
            }
            Certificate authority = Certificate.getInstance(Certificates.encoded(chain.getFirst()));
            SignerInfo signerAgain = new SignerInfo(
                    new SignerIdentifier(new IssuerAndSerialNumber(authority)),
                    digest,
                    new DERSet(signer.getAuthenticatedAttributes().toArray()),
                    signature(signer.getDigestEncryptionAlgorithm()),
                    new DEROctetString(signer.getEncryptedDigest().getOctets()),
                    null);
            byte[] info = ASN1OctetString.getInstance(data.getEncapContentInfo().getContent())
                    .getOctets();
            SignedData again = new SignedData(
                    new DERSet(digest),
                    new ContentInfo(PKCSObjectIdentifiers.id_ct_TSTInfo, new DEROctetString(info)),
                    new DERSet(certificates),
                    null,
                    new DERSet(signerAgain));
            return new TimeStampResp(
                            new PKIStatusInfo(PKIStatus.granted),
                            new ContentInfo(CMSObjectIdentifiers.signedData, again))
                    .getEncoded(ASN1Encoding.DER);
        } catch (IOException | RuntimeException e) {
            throw BrokenPackException.of(Reason.TIME_FORM, NAME, "not a time stamp");
        }
    }

    /** An algorithm with the parameters that it has to have: null with RSA, none with ECDSA, its own with RSASSA-PSS. */
    private static AlgorithmIdentifier signature(AlgorithmIdentifier algorithm) {
        if (algorithm.getAlgorithm().equals(PKCSObjectIdentifiers.id_RSASSA_PSS)) {
            return algorithm;
        }
        return algorithm.getAlgorithm().on(PKCSObjectIdentifiers.pkcs_1)
                ? new AlgorithmIdentifier(algorithm.getAlgorithm(), DERNull.INSTANCE)
                : new AlgorithmIdentifier(algorithm.getAlgorithm());
    }

    /** Checks form, imprint, signature and chain. */
    static TimeToken verify(byte[] answer, byte[] cms, List<X509Certificate> chain) throws BrokenPackException {
        int differs = Arrays.mismatch(answer, canonical(answer, chain));
        if (differs >= 0) {
            throw BrokenPackException.at(
                    Reason.TIME_FORM,
                    NAME,
                    "byte " + differs,
                    "not the form that the authority's token and certificates have here");
        }
        return TimeToken.verify(answer, cms, chain, NAME);
    }
}
