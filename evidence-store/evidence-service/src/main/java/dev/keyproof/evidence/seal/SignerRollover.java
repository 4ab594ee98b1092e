package dev.keyproof.evidence.seal;

import dev.keyproof.evidence.head.HeadPublisher;
import dev.keyproof.evidence.head.LogSigners;
import dev.keyproof.evidence.head.SealToken;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.store.YearLogs;
import dev.keyproof.log.note.NoteVerifier;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.verify.CanonicalJson;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lets new keys sign the heads from here on: born in the token, named by an entry of the log, and the head over that entry signed by
 * the old keys and by the new. One at a time. Thread-safe.
 */
public final class SignerRollover {
    private static final int PATIENCE_S = 30;

    private final YearLogs logs;
    private final SealToken keys;
    private final LogSigners signing;
    private final SealingLoop sealing;
    private final HeadPublisher heads;
    private final LogEvents events;

    public SignerRollover(
            YearLogs logs,
            SealToken keys,
            LogSigners signing,
            SealingLoop sealing,
            HeadPublisher heads,
            LogEvents events) {
        this.logs = logs;
        this.keys = keys;
        this.signing = signing;
        this.sealing = sealing;
        this.heads = heads;
        this.events = events;
    }

    /** What was done: the new generation, its verifier keys, and the head that both generations signed. */
    public record Done(int generation, List<NoteVerifier> keys, SignedHead head) {}

    /**
     * Rolls over; keys of an attempt that was cut short before its entry are used now.
     *
     * @param compromised because somebody else may have the keys in use: their certificate is revoked from now on
     */
    public synchronized Done run(boolean compromised) throws EvidenceException {
        int year = logs.year();
        int next = signing.at(year, Long.MAX_VALUE) + 1;
        if (keys.generations() < next) {
            keys.makeGeneration();
        }
        List<NoteVerifier> verifiers = keys.logVerifiers(logs.origin(year), next);
        byte[] entry = events.signers(logs.origin(year), next, verifiers, compromised);
        SignedHead head = heads.after(year, () -> seal(entry, next));
        return new Done(next, verifiers, head);
    }

    private void seal(byte[] entry, int generation) throws EvidenceException {
        try {
            Optional<Instant> compromised = CanonicalJson.object(entry).flatMap(SignerHandover::compromised);
            sealing.seal(entry, (year, index) -> {
                        signing.handedOver(year, index, generation);
                        compromised.ifPresent(when -> signing.compromised(generation - 1, when));
                    })
                    .get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new EvidenceException("the keys were not rolled over, for nothing is sealed now: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EvidenceException("stopped while keys were rolled over", e);
        }
    }
}
