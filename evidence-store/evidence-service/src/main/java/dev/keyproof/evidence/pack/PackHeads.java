package dev.keyproof.evidence.pack;

import dev.keyproof.evidence.head.HeadPublisher;
import dev.keyproof.evidence.head.KeptHeads;
import dev.keyproof.evidence.head.PackIdentity;
import dev.keyproof.evidence.head.TimeStamper;
import dev.keyproof.evidence.seal.DroppedYears;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.evidence.witness.Witnesses;
import dev.keyproof.log.note.SignedHead;
import dev.keyproof.verify.WitnessPolicy;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The head that a pack is made over. */
final class PackHeads {
    private static final Logger LOG = LoggerFactory.getLogger(PackHeads.class);

    private final HeadPublisher heads;
    private final KeptHeads kept;
    private final PackIdentity identity;
    private final Witnesses witnesses;
    private final Optional<WitnessPolicy> policy;
    private final DroppedYears dropped;
    private final @Nullable TimeStamper stamper;

    PackHeads(
            DroppedYears dropped,
            HeadPublisher heads,
            KeptHeads kept,
            Witnesses witnesses,
            Optional<WitnessPolicy> policy,
            @Nullable TimeStamper stamper,
            PackIdentity identity) {
        this.dropped = dropped;
        this.heads = heads;
        this.kept = kept;
        this.identity = identity;
        this.witnesses = witnesses;
        this.policy = policy;
        this.stamper = stamper;
    }

    /** A head, the bytes of its checkpoint, and the time token over them. */
    record Head(SignedHead signed, byte[] checkpoint, TimeStamper.@Nullable Stamped stamped) {}

    /** The last head of a dropped year. */
    private Optional<Head> last(int year) throws EvidenceException {
        SignedHead head = dropped.years().containsKey(year)
                ? dropped.remains().map(remains -> remains.heads().get(year)).orElse(null)
                : null;
        if (head == null) {
            return Optional.empty();
        }
        Optional<TimeStamper.Stamped> stamped = stamper == null ? Optional.empty() : stamper.at(year, head.size());
        return Optional.of(
                stamped.isPresent()
                                && stamped.get().head().checkpoint().equals(head.checkpoint())
                                && isEnough(stamped.get().head())
                        ? new Head(stamped.get().head(), stamped.get().checkpoint(), stamped.get())
                        : new Head(head, head.note().bytes(), null));
    }

    /**
     * The newest head that enough witnesses cosigned, stamped if the authority answers; else the newest such that was stamped; else
     * the newest such.
     */
    Head newest(int year) throws EvidenceException {
        Optional<Head> last = last(year);
        if (last.isPresent()) {
            return last.get();
        }
        SignedHead newest = cosigned(year);
        if (stamper == null) {
            return new Head(newest, newest.note().bytes(), null);
        }
        try {
            TimeStamper.Stamped stamped = stamper.stamp(year, newest);
            return new Head(stamped.head(), stamped.checkpoint(), stamped);
        } catch (EvidenceException e) {
            LOG.warn("event=pack-without-fresh-time reason=\"{}\"", e.getMessage());
            Optional<TimeStamper.Stamped> older = stamper.latest(year).filter(one -> isEnough(one.head()));
            return older.isPresent()
                    ? new Head(older.get().head(), older.get().checkpoint(), older.get())
                    : new Head(newest, newest.note().bytes(), null);
        }
    }

    /** A pack was made over this head: the next may begin there. */
    void keep(int year, Head head) throws EvidenceException {
        kept.keep(year, head.signed());
    }

    /** The checkpoint of the newest head known that is no later than an entry, signed by the keys of {@code head}. */
    Optional<Earlier> before(int year, long from, SignedHead head) throws EvidenceException {
        Optional<TimeStamper.Stamped> exact =
                stamper == null ? Optional.empty() : stamper.at(year, from).filter(one -> from > 0);
        if (exact.isPresent() && isSignedAlike(exact.get().head(), head)) {
            return exact.map(stamped -> new Earlier(from, stamped.checkpoint()));
        }
        for (KeptHeads.Kept one : kept.all(year).reversed()) {
            if (one.size() <= from && isSignedAlike(one.head(), head)) {
                return Optional.of(new Earlier(one.size(), one.checkpoint()));
            }
        }
        return Optional.empty();
    }

    /** A checkpoint, and of how many entries. */
    record Earlier(long size, byte[] checkpoint) {}

    /** Signed by keys since rolled over, an older head could not be checked with those of this pack. */
    boolean isSignedAlike(SignedHead older, SignedHead head) throws EvidenceException {
        return identity.signersOf(older).containsAll(identity.signersOf(head));
    }

    private SignedHead cosigned(int year) throws EvidenceException {
        SignedHead newest = witnesses.cosign(
                year, heads.publish(year).orElseThrow(() -> new EvidenceException("nothing was sealed in " + year)));
        if (isEnough(newest)) {
            return newest;
        }
        return witnesses
                .checkpoint(year)
                .filter(this::isEnough)
                .orElseThrow(() -> new EvidenceException(
                        "too few witnesses have cosigned a head of " + year + "; /v1/state says what ails them"));
    }

    private boolean isEnough(SignedHead head) {
        return policy.isEmpty() || policy.get().isMetBy(head.note());
    }
}
