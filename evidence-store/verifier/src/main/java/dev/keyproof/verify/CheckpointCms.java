package dev.keyproof.verify;

import dev.keyproof.log.note.NoteVerifier;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;

/** The detached CMS copy of a checkpoint's signature, for those who have OpenSSL and no C2SP verifier: the log's own ECDSA key signed it. */
final class CheckpointCms {
    /** The log's certificate first, the pack signer's root last. */
    static final String CHAIN = "trust/log-signer.pem";

    /** Beside each checkpoint. */
    static final String NAME = "checkpoint.p7s";

    private CheckpointCms() {}

    /** Checks it where there is one; {@code keys} are those of the pack. Whether the certificates were valid then is checked elsewhere. */
    static void requireValid(CanonicalZip zip, Manifest.Log log, List<NoteVerifier> keys) throws BrokenPackException {
        String file = log.path() + "/" + NAME;
        if (!zip.has(file)) {
            return;
        }
        List<X509Certificate> chain = Certificates.chain(zip.bytes(CHAIN), CHAIN);
        String signer = "trust/signer.pem";
        if (!Certificates.same(
                chain.getLast(), Certificates.chain(zip.bytes(signer), signer).getLast())) {
            throw BrokenPackException.of(Reason.LOG_SIGNER, CHAIN, "ends in another root than " + signer);
        }
        Role.LOG.require(chain, CHAIN);
        byte[] key = chain.getFirst().getPublicKey().getEncoded();
        if (keys.stream()
                .noneMatch(known -> known.name().equals(log.origin())
                        && Arrays.equals(known.key().getEncoded(), key))) {
            throw BrokenPackException.of(Reason.LOG_SIGNER, CHAIN, "does not certify a key of the log " + log.origin());
        }
        DetachedCms.requireValid(zip.bytes(file), zip.bytes(log.path() + "/checkpoint"), chain, file);
    }
}
