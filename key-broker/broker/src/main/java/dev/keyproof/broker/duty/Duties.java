package dev.keyproof.broker.duty;

import dev.keyproof.broker.approval.Approvals;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.key.EntityTag;
import dev.keyproof.broker.key.Key;
import dev.keyproof.broker.key.KeyState;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.key.Terms;
import dev.keyproof.broker.operation.Change;
import dev.keyproof.broker.operation.Destructions;
import dev.keyproof.broker.operation.KeyLife;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.use.Uses;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the terms of a key's life say is done when its time comes: it becomes active, it is rotated, it is destroyed. What is
 * refused or fails is tried again after a while; each attempt is on the record. Run by one thread.
 */
public final class Duties {
    private static final Logger LOG = LoggerFactory.getLogger(Duties.class);
    private static final Duration PAUSE = Duration.ofMinutes(10);
    /** So many in one round, so that what else the same thread does is not kept waiting. */
    private static final int MOST = 8;

    private final LeasedKeys keys;
    private final KeyLife life;
    private final DueRotations rotations;
    private final Destructions destructions;
    private final Uses uses;
    private final Clock clock;
    private final Map<String, Instant> notBefore = new HashMap<>();
    private int done;

    public Duties(
            LeasedKeys keys, KeyLife life, DueRotations rotations, Destructions destructions, Uses uses, Clock clock) {
        this.keys = keys;
        this.life = life;
        this.rotations = rotations;
        this.destructions = destructions;
        this.uses = uses;
        this.clock = clock;
    }

    @FunctionalInterface
    private interface Duty {
        void perform(Call call) throws ProblemException;
    }

    /** Does what is due. */
    public void perform() throws ProblemException {
        Instant now = clock.instant();
        notBefore.values().removeIf(now::isAfter);
        Set<String> nearlyUsedUp = uses.nearlyUsedUp();
        Map<String, Approvals.Open> asked = rotations.asked();
        done = 0;
        for (Key key : keys.all()) {
            if (done < MOST && !notBefore.containsKey(key.id())) {
                perform(key, now, nearlyUsedUp, asked);
            }
        }
    }

    private void perform(Key key, Instant now, Set<String> nearlyUsedUp, Map<String, Approvals.Open> asked) {
        Terms.Destruction destruction = key.terms().destruction();
        Instant activates = key.terms().activates();
        if (destruction != null) {
            if (!destruction.due().isAfter(now)) {
                attempt(key, "destroy", call -> destructions.due(call, key.id(), destruction));
            }
        } else if (key.state() == KeyState.PRE_ACTIVE) {
            if (activates != null && !activates.isAfter(now)) {
                attempt(key, "activate", call -> life.enable(call, key.id(), Change.because("its time has come")));
            }
        } else if (key.state() == KeyState.ACTIVE) {
            if (key.newest().version() > key.protecting()) {
                // A rotation that was backed out is not done again behind the back of who did that.
                return;
            }
            Integer days = key.terms().rotationPeriodDays();
            if (days != null
                    && !key.current().created().plus(Duration.ofDays(days)).isAfter(now)) {
                rotate(key, asked.get(key.id()), "its rotation is due");
            } else if (nearlyUsedUp.contains(key.id())) {
                rotate(key, asked.get(key.id()), "its uses are nearly taken");
            }
        }
    }

    private void rotate(Key key, Approvals.@Nullable Open approval, String why) {
        if (approval == null || approval.stands()) {
            attempt(key, "rotate", call -> rotations.rotate(call, key.id(), approval, why));
        }
    }

    private void attempt(Key key, String duty, Duty work) {
        done++;
        try {
            // Of the key that was found due: what another broker or a caller has done to it since is not done again.
            work.perform(Call.own(clock).expecting(EntityTag.of(key.revision())));
            LOG.info("event=duty-done duty={} key={}", duty, key.id());
        } catch (ProblemException e) {
            notBefore.put(key.id(), clock.instant().plus(PAUSE));
            LOG.warn(
                    "event=duty-failed duty={} key={} problem={} reason=\"{}\"",
                    duty,
                    key.id(),
                    e.problem().id(),
                    e.detail());
        }
    }
}
