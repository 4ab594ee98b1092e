package dev.keyproof.verify;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.IssuerAndSerialNumber;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.cms.SignerIdentifier;
import org.bouncycastle.asn1.cms.SignerInfo;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * {@code manifest.p7s} and {@code checkpoint.p7s}: a detached CMS signature whose every byte but the signature value follows from the
 * content and the signer's chain. A verifier writes it again and compares, so that what CMS itself does not protect cannot be changed either.
 */
public final class DetachedCms {
    private static final AlgorithmIdentifier SHA256 = new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256);
    private static final AlgorithmIdentifier ECDSA = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);

    private DetachedCms() {}

    /** The bytes that the signer signs for a content: the DER of the signed attributes. */
    public static byte[] toBeSigned(byte[] content) {
        return der(attributes(content));
    }

    /** The file. {@code chain} begins with the signer's certificate; {@code signature} is canonical ({@link EcdsaSignature}). */
    public static byte[] encode(byte[] content, List<X509Certificate> chain, byte[] signature) {
        ASN1EncodableVector certificates = new ASN1EncodableVector();
        for (X509Certificate certificate : chain) {
            certificates.add(Certificate.getInstance(Certificates.encoded(certificate)));
        }
        Certificate signer = Certificate.getInstance(Certificates.encoded(chain.getFirst()));
        SignerInfo info = new SignerInfo(
                new SignerIdentifier(new IssuerAndSerialNumber(signer)),
                SHA256,
                attributes(content),
                ECDSA,
                new DEROctetString(signature),
                null);
        SignedData data = new SignedData(
                new DERSet(SHA256),
                new ContentInfo(CMSObjectIdentifiers.data, null),
                new DERSet(certificates),
                null,
                new DERSet(info));
        return der(new ContentInfo(CMSObjectIdentifiers.signedData, data));
    }

    /** Checks form and signature; the chain itself is checked elsewhere. */
    static void requireValid(byte[] cms, byte[] content, List<X509Certificate> chain, String file)
            throws BrokenPackException {
        byte[] signature = signature(cms, file);
        byte[] again = encode(content, chain, signature);
        int differs = Arrays.mismatch(cms, again);
        if (differs >= 0) {
            throw BrokenPackException.at(
                    Reason.CMS_FORM,
                    file,
                    "byte " + differs,
                    "not the signature that content and certificates would have");
        }
        EcdsaSignature.requireValid(
                signature, toBeSigned(content), chain.getFirst().getPublicKey(), file);
    }

    private static byte[] signature(byte[] cms, String file) throws BrokenPackException {
        try {
            SignedData data =
                    SignedData.getInstance(ContentInfo.getInstance(cms).getContent());
            ASN1Set signers = data.getSignerInfos();
            if (signers.size() != 1) {
                throw BrokenPackException.of(Reason.CMS_FORM, file, "has " + signers.size() + " signers, not one");
            }
            return SignerInfo.getInstance(signers.getObjectAt(0))
                    .getEncryptedDigest()
                    .getOctets();
        } catch (RuntimeException e) {
            throw BrokenPackException.of(Reason.CMS_FORM, file, "not a CMS signature");
        }
    }

    private static ASN1Set attributes(byte[] content) {
        ASN1EncodableVector attributes = new ASN1EncodableVector();
        attributes.add(new Attribute(CMSAttributes.contentType, new DERSet(CMSObjectIdentifiers.data)));
        attributes.add(
                new Attribute(CMSAttributes.messageDigest, new DERSet(new DEROctetString(Digests.sha256(content)))));
        return new DERSet(attributes);
    }

    private static byte[] der(ASN1Encodable value) {
        try {
            return value.toASN1Primitive().getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new IllegalStateException("DER into memory failed", e);
        }
    }
}
