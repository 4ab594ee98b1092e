package dev.keyproof.evidence.head;

import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.verify.BrokenPackException;
import dev.keyproof.verify.PackWriter;
import dev.keyproof.verify.TimeToken;
import java.io.IOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the signatures of packs stamped by the authority in force. Thread-safe. */
public final class PackStamper implements PackWriter.Stamper {
    private static final Logger LOG = LoggerFactory.getLogger(PackStamper.class);
    private static final int NONCE_BITS = 63;

    private final TimeAuthority authority;
    private final SecureRandom random = new SecureRandom();

    public PackStamper(TimeAuthority authority) {
        this.authority = authority;
    }

    @Override
    public List<X509Certificate> chain() {
        return authority.chain();
    }

    @Override
    public Optional<byte[]> stamp(byte[] content) {
        try {
            TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
            generator.setCertReq(true);
            byte[] request = generator
                    .generate(
                            TSPAlgorithms.SHA256,
                            MessageDigest.getInstance("SHA-256").digest(content),
                            new BigInteger(NONCE_BITS, random))
                    .getEncoded();
            byte[] answer = authority.ask(request);
            TimeToken.verify(request, answer, content, chain(), authority.url().toString());
            return Optional.of(answer);
        } catch (EvidenceException | BrokenPackException | IOException e) {
            // The pack says itself that nobody vouches for the time of its signature.
            LOG.warn("event=pack-not-stamped reason=\"{}\"", e.getMessage());
            return Optional.empty();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a Java without SHA-256", e);
        }
    }
}
