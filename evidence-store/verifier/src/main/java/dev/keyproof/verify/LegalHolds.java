package dev.keyproof.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Legal holds as sealed entries tell them, for whoever must not delete what is held. A record that places one holds as soon as it is
 * sealed, whether or not a signed head covers it and an approval bears it out. A record releases one only if a head covers it and as many
 * approvers signed as policy asks for, each of them named by the trust file or enrolled by a quorum of such. Used by one thread.
 */
public final class LegalHolds {
    private final TrustFile anchor;
    private final Function<String, Optional<PolicyBundle>> policies;
    private final Reading reading = new Reading();
    private final Claims claims = new Claims();
    private final Enrolments enrolled = new Enrolments();
    private final TreeMap<Long, Recorded> recorded = new TreeMap<>();
    private final List<HoldAct.Carried> carried = new ArrayList<>();
    private long entries;

    /** An act, and what its record says once a head covers it. */
    private record Recorded(Entry entry, HoldAct act, Claims.@Nullable Claim covered) {}

    /**
     * What is wrong with a record that a head covers.
     *
     * @param log folder of its log in a pack
     * @param index its place there
     * @param operation {@code PlaceLegalHold} or {@code ReleaseLegalHold}
     * @param hold the hold's name
     */
    public record Flaw(String log, long index, String operation, String hold, String reason) {}

    /**
     * What follows from the entries so far.
     *
     * @param holds in force, in the order in which they were placed
     */
    public record State(List<LegalHold> holds, List<Flaw> flaws) {}

    /**
     * Begins before the first entry.
     *
     * @param anchor names the first approvers, and whom approvals are made out to
     * @param policies the bundle with a data set, by that set's digest
     */
    public LegalHolds(TrustFile anchor, Function<String, Optional<PolicyBundle>> policies) {
        this.anchor = anchor;
        this.policies = policies;
    }

    /**
     * Takes the next entry of all logs.
     *
     * @param log its folder in a pack, such as {@code log/2026}
     * @return whether the state may be another than before
     */
    public boolean entry(String log, long index, byte[] bytes) {
        long ordinal = entries++;
        ObjectNode json = CanonicalJson.object(bytes).orElse(null);
        if (json == null) {
            return false;
        }
        Optional<Attestation> head = Attestation.of(json);
        if (head.isPresent()) {
            Attestation attested = head.get();
            List<Claims.Claim> covered =
                    claims.attested(attested.source(), attested.epoch(), attested.from(), attested.to());
            covered.forEach(this::counts);
            return !covered.isEmpty();
        }
        if (!concerns(json)) {
            return false;
        }
        Entry entry = new Entry(log, index, bytes);
        Claims.Claim claim = reading.read(ordinal, entry, json, log).claim();
        if (claim.hold() != null) {
            recorded.put(ordinal, new Recorded(entry, claim.hold(), null));
        }
        claims.said(json, claim).forEach(this::counts);
        return true;
    }

    /** Whether an entry says anything of holds or of who approves. */
    private static boolean concerns(ObjectNode json) {
        String operation = json.path("api").path("operation").asText();
        return operation.equals(HoldAct.PLACE)
                || operation.equals(HoldAct.RELEASE)
                || PackContents.isEnrolment(json)
                || HoldAct.carried(json) != null;
    }

    private void counts(Claims.Claim claim) {
        if (claim.hold() instanceof HoldAct.Carried holds) {
            carried.add(holds);
            recorded.remove(claim.ordinal());
        } else {
            recorded.computeIfPresent(claim.ordinal(), (ordinal, one) -> new Recorded(one.entry, one.act, claim));
        }
        Claims.Enrolment enrolment = claim.enrolment();
        // A key that the broker enrolled by itself is the trust file's or nobody's.
        if (enrolment != null
                && (enrolment.approved()
                        ? flaw(claim.approval(), new HashSet<>()) == null
                        : anchor.approvers().containsKey(enrolment.approver()))) {
            enrolled.add(claim.ordinal(), enrolment);
        }
    }

    /** Which holds are in force, and what is wrong with records about them. */
    public State state() {
        HoldsInForce holds = new HoldsInForce();
        List<Flaw> flaws = new ArrayList<>();
        Set<String> used = new HashSet<>();
        carried.forEach(holds::add);
        for (Recorded one : recorded.values()) {
            String flaw = one.covered == null ? "no signed head covers its record" : flaw(one.covered.approval(), used);
            HoldAct act = one.act.approved(flaw == null);
            holds.add(act);
            if (one.covered != null && flaw != null) {
                flaws.add(new Flaw(one.entry.log(), one.entry.index(), act.operation(), act.name(), flaw));
            }
        }
        return new State(holds.list(), List.copyOf(flaws));
    }

    /** Why an approval does not bear out what was done; null if it does. */
    private @Nullable String flaw(@Nullable Approval approval, Set<String> used) {
        if (approval == null) {
            return "it carries no approval that can be read";
        }
        Optional<PolicyBundle> policy = policies.apply(approval.data());
        if (policy.isEmpty()) {
            return "the data set that its decision cites was never kept";
        }
        if (!approval.coversParameters()) {
            return "what was approved are other parameters";
        }
        if (!approval.isAskedFor(policy.get())) {
            return "its decision asks for less than the quorum in the data set that it cites";
        }
        try {
            approval.verify(enrolled, anchor, policy.get().persons());
        } catch (BrokenPackException e) {
            return e.fault().sentence();
        }
        return used.add(approval.id()) ? null : "its approval was used before";
    }
}
