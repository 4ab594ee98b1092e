package dev.keyproof.verify.testing;

import dev.keyproof.verify.Certificates;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.ers.ERSArchiveTimeStamp;
import org.bouncycastle.tsp.ers.ERSEvidenceRecord;
import org.bouncycastle.tsp.ers.ERSEvidenceRecordGenerator;
import org.bouncycastle.tsp.ers.ERSException;

/** Evidence records by one authority. */
public final class TestingEvidenceRecord {
    private final TestingTimeStamps stamps;
    private final DigestCalculatorProvider digests;

    public TestingEvidenceRecord(TestingTimeStamps stamps) {
        this.stamps = stamps;
        try {
            digests = new JcaDigestCalculatorProviderBuilder().build();
        } catch (OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A record of one token. */
    public byte[] over(byte[] checkpoint, Instant time) {
        return encoded(begun(checkpoint, time));
    }

    /** A record of a token of each of these times. */
    public byte[] renewed(byte[] checkpoint, Instant first, Instant... later) {
        try {
            ERSEvidenceRecord record = begun(checkpoint, first);
            for (Instant time : later) {
                TimeStampRequestGenerator requests = new TimeStampRequestGenerator();
                requests.setCertReq(true);
                TimeStampRequest request = record.generateTimeStampRenewalRequest(requests, BigInteger.ONE);
                record = record.renewTimeStamp(new TimeStampResponse(stamps.answer(request.getEncoded(), time)));
            }
            return encoded(record);
        } catch (TSPException | ERSException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Puts a record over a checkpoint, and the root of its authority, into a pack in the making. */
    public void put(Map<String, byte[]> files, byte[] checkpoint) {
        files.put("time/2026.ers", over(checkpoint, Instant.now()));
        files.put("time/2026.checkpoint", checkpoint);
        files.put("trust/tsa-roots.pem", roots());
    }

    /** The root of its authority, as a pack carries it. */
    public byte[] roots() {
        return Certificates.pem(List.of(stamps.chain().getLast())).getBytes(StandardCharsets.US_ASCII);
    }

    private ERSEvidenceRecord begun(byte[] checkpoint, Instant time) {
        try {
            byte[] answer = stamps.answer(TestingTimeStamps.request(checkpoint), time);
            return new ERSEvidenceRecordGenerator(digests)
                    .generate(ERSArchiveTimeStamp.fromTimeStampToken(
                            new TimeStampResponse(answer).getTimeStampToken(), digests));
        } catch (TSPException | ERSException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] encoded(ERSEvidenceRecord record) {
        try {
            return record.toASN1Structure().getEncoded("DER");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
