package dev.keyproof.verify;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.tsp.ArchiveTimeStamp;
import org.bouncycastle.asn1.tsp.ArchiveTimeStampChain;
import org.bouncycastle.asn1.tsp.ArchiveTimeStampSequence;
import org.bouncycastle.asn1.tsp.EvidenceRecord;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampToken;
import org.bouncycastle.tsp.ers.ERSByteData;
import org.bouncycastle.tsp.ers.ERSEvidenceRecord;
import org.bouncycastle.tsp.ers.ERSException;
import org.bouncycastle.util.Store;

/**
 * An evidence record (RFC 4998), checked: a time token that newer tokens have kept provable, each had while the authority before it
 * could still be believed.
 *
 * @param since the first token's time, from which on the data is proven to have existed
 * @param renewed the last token's time
 * @param tokens how many there are, the first included
 * @param authority name of the last one's authority
 * @param until when the last one's certificate ends: renewed again before then, the record goes on
 */
public record ArchivedTime(Instant since, Instant renewed, int tokens, String authority, Instant until) {
    private static final String NOT_VALID = "not a valid evidence record: ";

    /** A token of the record with the path of its authority, and the time that it states. */
    private record Link(
            TimeStampToken token, X509Certificate signer, Collection<X509Certificate> known, Instant time) {}

    /**
     * Checks structure, imprints, signatures, and each authority's path at the time of the token after.
     *
     * @param data what the record is over
     * @param roots self-signed roots of time-stamp authorities that are believed
     * @param file names the record in a fault
     */
    public static ArchivedTime verify(byte[] record, byte[] data, List<X509Certificate> roots, String file)
            throws BrokenPackException {
        try {
            EvidenceRecord read = EvidenceRecord.getInstance(record);
            if (!Arrays.equals(read.getEncoded(ASN1Encoding.DER), record)) {
                throw BrokenPackException.of(Reason.EVIDENCE_RECORD_FORM, file, "not in canonical form (DER)");
            }
            ArchiveTimeStampChain[] chains = read.getArchiveTimeStampSequence().getArchiveTimeStampChains();
            List<Link> links = new ArrayList<>();
            for (int i = 0; i < chains.length; i++) {
                for (ArchiveTimeStamp stamp : chains[i].getArchiveTimestamps()) {
                    links.add(link(stamp));
                }
                // Not the library's own check of the whole: that asks only the last chain for the data.
                requireData(
                        read,
                        Arrays.copyOf(chains, i + 1),
                        data,
                        links.getLast().time());
            }
            for (int i = 0; i < links.size(); i++) {
                Link link = links.get(i);
                Instant relied = links.get(Math.min(i + 1, links.size() - 1)).time();
                if (relied.isBefore(link.time())) {
                    throw BrokenPackException.at(
                            Reason.EVIDENCE_RECORD_ORDER, file, "token " + (i + 1), "the token after it is older");
                }
                link.token().validate(new JcaSimpleSignerInfoVerifierBuilder().build(link.signer()));
                requirePath(link, roots, relied, file, "token " + (i + 1));
            }
            Link last = links.getLast();
            return new ArchivedTime(
                    links.getFirst().time(),
                    last.time(),
                    links.size(),
                    Certificates.name(last.signer()),
                    last.signer().getNotAfter().toInstant());
        } catch (TSPException
                | ERSException
                | IOException
                | CertificateException
                | OperatorCreationException
                | org.bouncycastle.cms.CMSException
                | RuntimeException e) {
            throw BrokenPackException.of(Reason.EVIDENCE_RECORD_FALSE, file, NOT_VALID + e.getMessage());
        }
    }

    private static void requireData(EvidenceRecord read, ArchiveTimeStampChain[] upTo, byte[] data, Instant at)
            throws TSPException, ERSException, OperatorCreationException {
        DigestCalculatorProvider digests = new JcaDigestCalculatorProviderBuilder().build();
        EvidenceRecord part =
                new EvidenceRecord(read.getDigestAlgorithms(), null, null, new ArchiveTimeStampSequence(upTo));
        new ERSEvidenceRecord(part, digests).validatePresent(new ERSByteData(data), Date.from(at));
    }

    private static Link link(ArchiveTimeStamp stamp)
            throws TSPException, IOException, CertificateException, org.bouncycastle.cms.CMSException {
        TimeStampToken token = new TimeStampToken(new CMSSignedData(stamp.getTimeStamp()));
        Store<X509CertificateHolder> carried = token.getCertificates();
        JcaX509CertificateConverter converter = new JcaX509CertificateConverter();
        List<X509Certificate> known = new ArrayList<>();
        X509Certificate signer = null;
        for (X509CertificateHolder holder : carried.getMatches(null)) {
            X509Certificate certificate = converter.getCertificate(holder);
            known.add(certificate);
            signer = token.getSID().match(holder) ? certificate : signer;
        }
        if (signer == null) {
            throw new TSPException("a token does not carry the certificate of its authority");
        }
        return new Link(
                token, signer, known, token.getTimeStampInfo().getGenTime().toInstant());
    }

    private static void requirePath(Link link, List<X509Certificate> roots, Instant at, String file, String place)
            throws BrokenPackException {
        try {
            X509CertSelector wanted = new X509CertSelector();
            wanted.setCertificate(link.signer());
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(
                    roots.stream().map(root -> new TrustAnchor(root, null)).collect(Collectors.toSet()), wanted);
            parameters.addCertStore(
                    CertStore.getInstance("Collection", new CollectionCertStoreParameters(link.known())));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(at));
            CertPathBuilder.getInstance("PKIX").build(parameters);
        } catch (GeneralSecurityException e) {
            throw BrokenPackException.at(
                    Reason.EVIDENCE_RECORD_AUTHORITY,
                    file,
                    place,
                    "no path at " + at + " from " + Certificates.name(link.signer()) + " to a root that is believed: "
                            + e.getMessage());
        }
    }
}
