package dev.keyproof.verify.testing;

import dev.keyproof.verify.PackWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.cmp.PKIFreeText;
import org.bouncycastle.asn1.cmp.PKIStatus;
import org.bouncycastle.asn1.cmp.PKIStatusInfo;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.tsp.TimeStampResp;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;

/** A time-stamp authority in this process. */
public final class TestingTimeStamps {
    private final TestingAuthority authority;
    private final AtomicLong serial = new AtomicLong();

    public TestingTimeStamps(TestingAuthority authority) {
        this.authority = authority;
    }

    public List<X509Certificate> chain() {
        return authority.chain();
    }

    /** Whose certificates are in force. */
    public TestingAuthority authority() {
        return authority;
    }

    /** Stamps signatures as of a time. */
    public PackWriter.Stamper at(java.time.Instant now) {
        return new PackWriter.Stamper() {
            @Override
            public List<X509Certificate> chain() {
                return authority.chain();
            }

            @Override
            public Optional<byte[]> stamp(byte[] content) {
                return Optional.of(answer(request(content), now));
            }
        };
    }

    /** A request for the time of these bytes. */
    public static byte[] request(byte[] stamped) {
        try {
            TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
            generator.setCertReq(true);
            byte[] digest = java.security.MessageDigest.getInstance("SHA-256").digest(stamped);
            return generator
                    .generate(TSPAlgorithms.SHA256, digest, BigInteger.valueOf(System.nanoTime()))
                    .getEncoded();
        } catch (IOException | java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The answer to a request. */
    public byte[] answer(byte[] request, java.time.Instant now) {
        try {
            DigestCalculator digest = new JcaDigestCalculatorProviderBuilder()
                    .build()
                    .get(new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256));
            TimeStampTokenGenerator tokens = new TimeStampTokenGenerator(
                    new JcaSimpleSignerInfoGeneratorBuilder()
                            .build(
                                    "SHA256withECDSA",
                                    authority.key().getPrivate(),
                                    authority.chain().getFirst()),
                    digest,
                    new ASN1ObjectIdentifier("1.3.6.1.4.1.4146.2.3"));
            tokens.addCertificates(new JcaCertStore(authority.chain()));
            TimeStampResponseGenerator responses = new TimeStampResponseGenerator(tokens, TSPAlgorithms.ALLOWED);
            return responses
                    .generate(
                            new TimeStampRequest(request), BigInteger.valueOf(serial.incrementAndGet()), Date.from(now))
                    .getEncoded();
        } catch (TSPException | IOException | OperatorCreationException | CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The answer of an authority that gives no time. */
    public byte[] refusal() {
        try {
            return new TimeStampResponse(new TimeStampResp(
                            new PKIStatusInfo(PKIStatus.rejection, new PKIFreeText("not today")), null))
                    .getEncoded();
        } catch (TSPException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
