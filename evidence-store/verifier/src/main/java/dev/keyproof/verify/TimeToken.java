package dev.keyproof.verify;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;
import org.bouncycastle.tsp.TimeStampTokenInfo;

/**
 * An RFC 3161 answer, checked.
 *
 * @param time what the authority states
 * @param authority its certificate's name
 */
public record TimeToken(Instant time, String authority) {
    private static final String NOT_VALID = "not a valid time stamp: ";

    /**
     * Checks request, answer, imprint, signature, extended key usage and chain.
     *
     * @param chain the authority's certificate first, its self-signed root last
     * @param file names the answer in a fault
     */
    public static TimeToken verify(
            byte[] request, byte[] answer, byte[] stamped, List<X509Certificate> chain, String file)
            throws BrokenPackException {
        try {
            TimeStampRequest asked = new TimeStampRequest(request);
            if (!asked.getMessageImprintAlgOID().equals(TSPAlgorithms.SHA256)
                    || !Arrays.equals(asked.getMessageImprintDigest(), Digests.sha256(stamped))) {
                throw BrokenPackException.of(
                        Reason.TIME_REQUEST,
                        file.replace(".tsr", ".tsq"),
                        "the time was not asked for this checkpoint");
            }
            if (!asked.getCertReq()) {
                throw BrokenPackException.of(
                        Reason.TIME_REQUEST, file.replace(".tsr", ".tsq"), "did not ask for the certificate");
            }
            TimeStampResponse response = new TimeStampResponse(answer);
            response.validate(asked);
            return verify(response, chain, file);
        } catch (TSPException | IOException | RuntimeException e) {
            throw BrokenPackException.of(Reason.TIME_FALSE, file, NOT_VALID + e.getMessage());
        }
    }

    /** As {@link #verify(byte[], byte[], byte[], List, String)}, of an answer whose request is not there. */
    static TimeToken verify(byte[] answer, byte[] stamped, List<X509Certificate> chain, String file)
            throws BrokenPackException {
        try {
            TimeStampResponse response = new TimeStampResponse(answer);
            TimeToken time = verify(response, chain, file);
            TimeStampTokenInfo info = response.getTimeStampToken().getTimeStampInfo();
            if (!info.getMessageImprintAlgOID().equals(TSPAlgorithms.SHA256)
                    || !Arrays.equals(info.getMessageImprintDigest(), Digests.sha256(stamped))) {
                throw BrokenPackException.of(Reason.TIME_IMPRINT, file, "the time is that of something else");
            }
            return time;
        } catch (TSPException | IOException | RuntimeException e) {
            throw BrokenPackException.of(Reason.TIME_FALSE, file, NOT_VALID + e.getMessage());
        }
    }

    private static TimeToken verify(TimeStampResponse response, List<X509Certificate> chain, String file)
            throws BrokenPackException {
        try {
            TimeStampToken token = response.getTimeStampToken();
            if (token == null) {
                throw BrokenPackException.of(
                        Reason.TIME_REFUSED, file, "the authority refused: " + response.getStatusString());
            }
            X509Certificate authority = chain.getFirst();
            X509CertificateHolder holder = new X509CertificateHolder(Certificates.encoded(authority));
            if (!token.getSID().match(holder)) {
                throw BrokenPackException.of(
                        Reason.TIME_AUTHORITY, file, "not signed by the authority whose certificates are in trust/");
            }
            token.validate(new JcaSimpleSignerInfoVerifierBuilder().build(authority));
            Instant time = token.getTimeStampInfo().getGenTime().toInstant();
            Certificates.requireValid(chain, time, file);
            return new TimeToken(time, Certificates.name(authority));
        } catch (TSPException | IOException | OperatorCreationException | RuntimeException e) {
            // Of what is malformed the library speaks in exceptions of many kinds.
            throw BrokenPackException.of(Reason.TIME_FALSE, file, NOT_VALID + e.getMessage());
        }
    }
}
