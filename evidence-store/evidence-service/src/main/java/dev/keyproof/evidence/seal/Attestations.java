package dev.keyproof.evidence.seal;

import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.note.NoteException;
import dev.keyproof.log.note.SignedHead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Signed heads of journals that wait for the entries they cover. A head that covers what was sealed becomes an entry; one that does
 * not, or waits too long, becomes a finding. Used by the sealing thread alone.
 */
final class Attestations {
    /** Between a record's sealing and its head lie a second of the broker's and the collector's way. */
    static final long PATIENCE_NANOS = 10_000_000_000L;

    /** Characters of a head with its signatures; ours have some 300. */
    private static final int LONGEST_HEAD = 4096;

    private final SealedState state;
    private final JournalKeys keys;
    private final Continuity continuity;
    private final List<Waiting> waiting = new ArrayList<>();

    Attestations(SealedState state, JournalKeys keys, Continuity continuity) {
        this.state = state;
        this.keys = keys;
        this.continuity = continuity;
    }

    private record Waiting(
            TopicPartition partition, long offset, String source, String epoch, SignedHead head, long sinceNanos) {}

    /** Takes a head. Returns a finding if it is no head at all. */
    Continuity.@Nullable Finding take(TopicPartition partition, long offset, String source, byte[] note, long nowNanos)
            throws EvidenceException {
        String prefix = "keyproof/journal/" + source + "/";
        try {
            SignedHead head = SignedHead.parse(new String(note, StandardCharsets.UTF_8));
            String origin = head.checkpoint().origin();
            if (!origin.startsWith(prefix) || origin.length() == prefix.length()) {
                return continuity.badHead(source, "", offset, "the head is of " + origin);
            }
            waiting.add(new Waiting(partition, offset, source, origin.substring(prefix.length()), head, nowNanos));
            return null;
        } catch (NoteException e) {
            return continuity.badHead(source, "", offset, "the head cannot be read: " + e.getMessage());
        }
    }

    /** Seals and reports what can be now, as long as the batch takes it. */
    void settle(long nowNanos, Batch batch) throws EvidenceException {
        for (Iterator<Waiting> each = waiting.iterator(); each.hasNext() && !batch.isFull(); ) {
            Waiting one = each.next();
            SourceStream stream = state.stream(one.source, one.epoch);
            long size = one.head.size();
            boolean late = nowNanos - one.sinceNanos > PATIENCE_NANOS;
            if (size <= stream.attested()) {
                each.remove();
            } else if (size <= stream.next() && !keys.of(one.source).isEmpty()) {
                each.remove();
                judge(one, stream, batch, nowNanos);
            } else if (late) {
                each.remove();
                batch.report(
                        continuity.badHead(
                                one.source,
                                one.epoch,
                                stream.attested(),
                                size > stream.next()
                                        ? "the head covers " + size + " records, of which " + stream.next() + " arrived"
                                        : "no key of this journal is configured"),
                        nowNanos);
            }
        }
    }

    private void judge(Waiting one, SourceStream stream, Batch batch, long nowNanos) throws EvidenceException {
        String reason;
        try {
            one.head.note().verifiedBy(keys.of(one.source));
            if (one.head.note().format().length() > LONGEST_HEAD) {
                throw new NoteException("it carries more than a head does");
            }
            Optional<Hash> root = stream.root(one.head.size());
            if (root.isPresent() && root.get().equals(one.head.checkpoint().root())) {
                batch.seal(
                        Entries.attestation(
                                one.source,
                                one.epoch,
                                stream.attested(),
                                one.head.size(),
                                one.head.note().format()),
                        nowNanos);
                return;
            }
            reason = "its root over " + one.head.size() + " records is not that of the records sealed";
        } catch (NoteException e) {
            reason = String.valueOf(e.getMessage());
        }
        batch.report(continuity.badHead(one.source, one.epoch, stream.attested(), reason), nowNanos);
    }

    /** The offset from which a restart must read again, so that no waiting head is lost. */
    long resumeAt(TopicPartition partition, long next) {
        return waiting.stream()
                .filter(one -> one.partition.equals(partition))
                .mapToLong(Waiting::offset)
                .min()
                .orElse(next);
    }
}
