package dev.keyproof.broker.elevation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.broker.approval.Approvals;
import dev.keyproof.broker.approval.Evidence;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.decision.Ask;
import dev.keyproof.broker.decision.Decisions;
import dev.keyproof.broker.elevation.Elevation.Grant;
import dev.keyproof.broker.journal.Draft;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.key.HeldKey;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.event.Resource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The elevations that stand, in memory, under the same lease as keys: what was read longer ago lends nothing. A row in the table is
 * not believed: it counts once the signatures over exactly its terms have been verified here and policy says that they are enough.
 * {@link #renew} is called several times per lease by one thread; readers are any.
 */
public final class StandingElevations {
    private static final Logger LOG = LoggerFactory.getLogger(StandingElevations.class);

    private final ElevationStore store;
    private final Approvals approvals;
    private final Decisions decisions;
    private final Recorder recorder;
    private final Clock clock;
    // Touched while this is locked.
    private final Map<String, Elevation> judged = new HashMap<>();
    private final Map<String, Boolean> founded = new HashMap<>();
    private long entries = -1;
    private String policy = "";
    // Written while this is locked; asked after what was read.
    private volatile Map<String, List<Elevation>> byHolder = Map.of();
    private volatile long asked = System.nanoTime() - LeasedKeys.LEASE_NANOS;
    private volatile long stood = System.nanoTime();

    StandingElevations(ElevationStore store, Approvals approvals, Decisions decisions, Recorder recorder, Clock clock) {
        this.store = store;
        this.approvals = approvals;
        this.decisions = decisions;
        this.recorder = recorder;
        this.clock = clock;
    }

    /**
     * Reads what stands.
     *
     * @throws ProblemException if the database does not answer; nothing is lent then once the lease has run out
     */
    public synchronized void renew() throws ProblemException {
        long now = System.nanoTime();
        List<Elevation> rows = store.standing(clock.instant());
        forgetWhatChanged(rows);
        List<String> ids = rows.stream().map(Elevation::id).toList();
        judged.keySet().retainAll(ids);
        founded.keySet().retainAll(ids);
        for (Elevation row : rows) {
            Elevation known = judged.get(row.id());
            if (known == null || !known.isSameGrant(row)) {
                boolean sound = isFounded(row);
                if (!sound && !Boolean.FALSE.equals(founded.get(row.id()))) {
                    tell(row);
                }
                founded.put(row.id(), sound);
            }
            judged.put(row.id(), row);
        }
        byHolder = rows.stream()
                .filter(row -> Boolean.TRUE.equals(founded.get(row.id())))
                .collect(Collectors.groupingBy(Elevation::holder));
        if (!byHolder.isEmpty()) {
            stood = now;
        }
        asked = now;
    }

    /** An elevation lasts while those who approved it may approve and policy says that they are enough, at each broker, whenever it started. */
    private void forgetWhatChanged(List<Elevation> rows) throws ProblemException {
        if (rows.isEmpty()) {
            return;
        }
        long now = approvals.approvers().entries();
        String decides = decisions.inForce();
        if (now != entries || !decides.equals(policy)) {
            entries = now;
            policy = decides;
            judged.clear();
        }
    }

    /** What policy reads of the caller's elevations that cover the key; nothing where there are none. */
    public @Nullable ArrayNode forPolicy(Call call, @Nullable HeldKey held) {
        List<Elevation> all = held == null ? null : byHolder.get(call.caller().id());
        if (all == null || held == null || !isLeased()) {
            return null;
        }
        Instant now = clock.instant();
        ArrayNode read = JsonNodeFactory.instance.arrayNode();
        for (Elevation one : byHolder.getOrDefault(call.caller().id(), List.of())) {
            Grant grant = one.grant();
            if (grant != null && one.stands(now) && one.terms().scope().covers(held.key())) {
                read.add(one.forPolicy(grant, now));
            }
        }
        return read.isEmpty() ? null : read;
    }

    /**
     * A call that takes long ends when the elevation does that it is made under, and not after.
     *
     * @throws ProblemException {@link Problem#DENIED}
     */
    public void requireStill(Call call, String id) throws ProblemException {
        Instant now = clock.instant();
        if (!isLeased()
                || byHolder.getOrDefault(call.caller().id(), List.of()).stream()
                        .noneMatch(one -> one.id().equals(id) && one.stands(now))) {
            throw ProblemException.denied(List.of("elevation-ended"));
        }
    }

    /** Whether it was seen that none had stood for that long, so that no call under one is under way. */
    boolean quietFor(Duration time) {
        return asked - stood > time.toNanos();
    }

    private boolean isLeased() {
        if (System.nanoTime() - asked < LeasedKeys.LEASE_NANOS) {
            return true;
        }
        try {
            renew();
        } catch (ProblemException e) {
            LOG.warn("event=elevations-not-read reason=\"{}\"", e.detail());
        }
        return System.nanoTime() - asked < LeasedKeys.LEASE_NANOS;
    }

    /** Whether approvers, or the holder's hard token, signed exactly this, and that is enough by today's policy. */
    private boolean isFounded(Elevation row) throws ProblemException {
        Grant grant = row.grant();
        if (grant == null
                || !row.terms().elevation().equals(row.id())
                || grant.until()
                        .isAfter(grant.began()
                                .plus(Duration.ofMinutes(row.terms().minutes())))) {
            return false;
        }
        Evidence evidence;
        try {
            evidence = approvals.evidenceOf(
                    grant.intent(),
                    row.approval(),
                    row.terms().operation(),
                    "",
                    row.terms().json());
        } catch (ProblemException e) {
            if (e.problem() == Problem.STATE_UNAVAILABLE) {
                throw e;
            }
            return false;
        }
        ObjectNode said = evidence.forPolicy();
        return said.path("requester").asText().equals(row.holder())
                && said.path("change").asText().equals(row.change())
                && decisions
                        .decide(
                                Call.own(Clock.fixed(grant.began(), ZoneOffset.UTC)),
                                "HoldElevation",
                                null,
                                Ask.parameters(row.terms().forPolicy()).with(said),
                                false,
                                null,
                                null)
                        .decision()
                        .allow();
    }

    private void tell(Elevation row) throws ProblemException {
        Draft draft = Draft.service("ElevationUnfounded")
                .failed(new ProblemException(
                        Problem.APPROVAL_INVALID,
                        "the database holds elevation " + row.id() + ", which nobody approved so who may approve now"))
                .message(
                        "An elevation stands in the database that nobody approved, or nobody who may approve still; it lends nothing.")
                .on(resource(row.id()));
        draft.detail().put("elevation", row.id()).put("holder", row.holder());
        recorder.append(draft);
    }

    /** An elevation as what a record is about. */
    public static Resource resource(String id) {
        return new Resource(id, null, "elevation", null, null, null, null);
    }
}
