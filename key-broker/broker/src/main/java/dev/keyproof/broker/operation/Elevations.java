package dev.keyproof.broker.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.f4b6a3.ulid.UlidCreator;
import dev.keyproof.broker.approval.Approval;
import dev.keyproof.broker.approval.Approvals;
import dev.keyproof.broker.approval.Evidence;
import dev.keyproof.broker.approval.Signed;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.decision.Ask;
import dev.keyproof.broker.elevation.Elevation;
import dev.keyproof.broker.elevation.ElevationStore;
import dev.keyproof.broker.elevation.GlassReviews;
import dev.keyproof.broker.elevation.StandingElevations;
import dev.keyproof.broker.elevation.Terms;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.key.HeldKey;
import dev.keyproof.broker.key.Intent;
import dev.keyproof.broker.key.KeyStore;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.event.Extension.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Elevations: asked for, begun on the approval that policy wants, ended, and reviewed where the glass was broken. What is lent is in
 * {@link StandingElevations}.
 */
public final class Elevations {
    private static final int LONGEST_TEXT = 2000;
    private static final Set<String> VERDICTS = Set.of("justified", "unjustified");

    private static final Action REQUEST = new Action("RequestElevation", 1, "Create", Kind.OPERATION);
    private static final Action END = update("EndElevation");
    private static final Action REVIEW = update("ReviewElevation");
    static final Action READ = new Action("ReadElevations", 2, "Read", Kind.OPERATION);

    private final Calls calls;
    private final Changes changes;
    private final KeyStore keys;
    private final LeasedKeys leased;
    private final Approvals approvals;
    private final ElevationStore store;
    private final StandingElevations standing;
    private final GlassReviews reviews;

    public Elevations(
            Calls calls,
            Changes changes,
            KeyStore keys,
            LeasedKeys leased,
            Approvals approvals,
            ElevationStore store,
            StandingElevations standing,
            GlassReviews reviews) {
        this.calls = calls;
        this.changes = changes;
        this.keys = keys;
        this.leased = leased;
        this.approvals = approvals;
        this.store = store;
        this.standing = standing;
        this.reviews = reviews;
    }

    private static Action update(String name) {
        return new Action(name, 3, "Update", Kind.OPERATION);
    }

    /** An elevation and the request that is signed for it. */
    public record Shown(Elevation elevation, Approval approval) {}

    /** Asks for an elevation; what is to be signed for it is in the answer. */
    public Answer<Shown> request(Call call, WantedElevation wanted) throws ProblemException {
        String id = UlidCreator.getUlid().toString();
        return calls.perform(
                call,
                REQUEST,
                null,
                201,
                none -> Ask.parameters(wanted.terms(id, leased).forPolicy()),
                outcome -> {
                    Terms terms = wanted.terms(id, leased);
                    // After policy: whoever may not ask learns nothing of keys.
                    for (String key : terms.scope().keys()) {
                        leased.get(key);
                    }
                    String change = Fields.text(wanted.change(), "change");
                    JsonNode signing = signing(call, terms, outcome);
                    Approval approval = approvals.draft(
                            call.caller().id(),
                            terms.operation(),
                            "",
                            change,
                            terms.json(),
                            null,
                            signing.path("quorum").asInt(1),
                            signing.path("of").asText(),
                            Duration.ofSeconds(signing.path("validSeconds").asLong()));
                    Elevation asked = new Elevation(
                            id,
                            call.caller().id(),
                            terms,
                            change,
                            approval.id(),
                            changes.now(),
                            null,
                            null,
                            null,
                            null);
                    ObjectNode detail = terms.json();
                    detail.put("change", change).put("approval", approval.id()).put("statement", approval.statement());
                    Intent intent = intend(call, REQUEST, outcome, id, detail);
                    keys.effect(intent, using -> {
                        approvals.store(approval);
                        store.insert(asked);
                    });
                    return new Shown(asked, approval);
                });
    }

    /** How many must sign, or for how long the holder may. */
    private JsonNode signing(Call call, Terms terms, Outcome outcome) throws ProblemException {
        JsonNode signing = terms.breakGlass()
                ? outcome.verdict().decision().result().path("obligations").path("breakGlass")
                : calls.wouldBe(call, terms.operation(), null, Ask.parameters(terms.forPolicy()))
                        .decision()
                        .result()
                        .path("obligations")
                        .path("approvals");
        if (signing.path("validSeconds").asLong() < 1
                || (!terms.breakGlass() && signing.path("quorum").asInt() < 1)) {
            throw new ProblemException(Problem.INTERNAL, "policy does not say who signs for this elevation");
        }
        return signing;
    }

    /**
     * Lets an elevation begin: on the signatures of its approvers, or where the glass is broken on the holder's own.
     *
     * @param signed what the holder made with a hard token, for a broken glass
     */
    public Answer<Shown> activate(Call call, String id, @Nullable Signed signed) throws ProblemException {
        Elevation asked = find(call, id);
        Terms terms = asked.terms();
        Action action = update(terms.operation());
        Begun begun = new Begun();
        return calls.perform(
                call,
                action,
                null,
                200,
                none -> {
                    begun.take(asked, signed);
                    return about(asked, begun.approval())
                            .asking(terms.forPolicy())
                            .with(begun.evidence().forPolicy());
                },
                outcome -> {
                    if (asked.grant() != null) {
                        throw new ProblemException(Problem.CONFLICT, "the elevation has begun before");
                    }
                    Evidence evidence = begun.evidence();
                    ObjectNode detail = terms.json();
                    detail.setAll(evidence.forRecord());
                    Intent intent = intend(call, action, outcome, id, detail);
                    Instant began = changes.now();
                    Elevation.Grant grant = new Elevation.Grant(
                            began,
                            began.plus(Duration.ofMinutes(terms.minutes())).truncatedTo(ChronoUnit.SECONDS),
                            intent.uid());
                    Instant reviewDue = terms.breakGlass() ? began.plus(reviewTime(outcome)) : null;
                    keys.effect(intent, using -> {
                        begun.keep();
                        approvals.use(evidence, using);
                        store.begin(id, grant, reviewDue);
                    });
                    outcome.draft().detail().put("until", grant.until().toString());
                    known(terms);
                    return shown(id);
                });
    }

    private static Duration reviewTime(Outcome outcome) throws ProblemException {
        long hours = outcome.verdict()
                .decision()
                .result()
                .path("obligations")
                .path("breakGlass")
                .path("reviewHours")
                .asLong();
        if (hours < 1) {
            throw new ProblemException(Problem.INTERNAL, "policy does not say by when a broken glass is reviewed");
        }
        return Duration.ofHours(hours);
    }

    /** This broker knows of it at once, all others within their lease. What cannot be told or read now is, a moment later. */
    private void known(Terms terms) {
        try {
            standing.renew();
            if (terms.breakGlass()) {
                reviews.perform();
            }
        } catch (ProblemException e) {
            // The same is done several times a second.
        }
    }

    /** What an activation is based on, while it is under way. */
    private final class Begun {
        private @Nullable Approval approval;
        private @Nullable Evidence evidence;
        private Approvals.@Nullable Checked own;

        void take(Elevation asked, @Nullable Signed signed) throws ProblemException {
            Approval found = approvals.find(asked.approval());
            approval = found;
            if (asked.terms().breakGlass()) {
                if (signed == null) {
                    throw Fields.invalid("jws, webauthn: the holder signs for a broken glass, by one of them");
                }
                Approvals.Checked checked = approvals.checkOwn(found, signed);
                own = checked;
                evidence = approvals.evidence(
                        found, checked, asked.terms().operation(), asked.terms().json());
            } else {
                evidence = approvals.evidence(
                        asked.approval(),
                        asked.terms().operation(),
                        "",
                        asked.terms().json());
            }
        }

        Approval approval() {
            return Objects.requireNonNull(approval);
        }

        Evidence evidence() {
            return Objects.requireNonNull(evidence);
        }

        /** Keeps the holder's own signature; every broker verifies it again. */
        void keep() throws ProblemException {
            if (own != null) {
                approvals.sign(approval(), own);
            }
        }
    }

    /** Ends an elevation before its time; answered when no broker lends by it any more. */
    public Answer<Shown> end(Call call, String id) throws ProblemException {
        return on(call, END, id, outcome -> {
            Intent intent = intend(call, END, outcome, id, HeldKey.node());
            keys.effect(intent, using -> store.end(id, call.caller().id(), changes.now()));
            standing.renew();
            leased.awaitEverywhere();
        });
    }

    /** What another person says of a broken glass. */
    public record Said(@Nullable String verdict, @Nullable String text) {}

    /** Reviews a broken glass, once. */
    public Answer<Shown> review(Call call, String id, Said said) throws ProblemException {
        return on(call, REVIEW, id, outcome -> {
            String verdict = String.valueOf(said.verdict());
            if (!VERDICTS.contains(verdict)) {
                throw Fields.invalid("verdict: is justified or unjustified");
            }
            String text = said.text();
            if (text == null || text.isBlank() || text.length() > LONGEST_TEXT) {
                throw Fields.invalid("text: has 1 to " + LONGEST_TEXT + " characters");
            }
            ObjectNode detail = HeldKey.node().put("verdict", verdict).put("text", text);
            Intent intent = intend(call, REVIEW, outcome, id, detail);
            keys.effect(
                    intent,
                    using -> store.review(id, new Elevation.Review(call.caller().id(), verdict, text, changes.now())));
        });
    }

    public Answer<Shown> read(Call call, String id) throws ProblemException {
        return on(call, READ, id, outcome -> {});
    }

    /** The latest elevations. */
    public Answer<List<Elevation>> list(Call call) throws ProblemException {
        return calls.perform(call, READ, null, 200, none -> Ask.PLAIN, outcome -> {
            List<Elevation> latest = store.latest();
            outcome.draft().count(latest.size());
            return latest;
        });
    }

    /** Something that is done with an elevation. */
    @FunctionalInterface
    private interface Step {
        void take(Outcome outcome) throws ProblemException;
    }

    private Answer<Shown> on(Call call, Action action, String id, Step step) throws ProblemException {
        return calls.perform(call, action, null, 200, none -> about(shown(id)), outcome -> {
            outcome.draft().on(StandingElevations.resource(id));
            step.take(outcome);
            return shown(id);
        });
    }

    /** What policy reads of an elevation that a call is about. */
    Ask about(String id) throws ProblemException {
        return about(shown(id));
    }

    private Ask about(Shown shown) {
        return about(shown.elevation(), shown.approval());
    }

    private Ask about(Elevation elevation, Approval approval) {
        return Ask.PLAIN.about(elevation.subject(
                approval.standing().stream().map(Approval.Given::approver).toList(), changes.now()));
    }

    private Elevation find(Call call, String id) throws ProblemException {
        try {
            return store.find(id).orElseThrow(Elevations::unknown);
        } catch (ProblemException e) {
            throw calls.unreadable(call, update("ActivateElevation"), null, e);
        }
    }

    private static ProblemException unknown() {
        return new ProblemException(Problem.ELEVATION_NOT_FOUND, "there is no such elevation");
    }

    private Shown shown(String id) throws ProblemException {
        Elevation elevation = store.find(id).orElseThrow(Elevations::unknown);
        return new Shown(elevation, approvals.find(elevation.approval()));
    }

    private Intent intend(Call call, Action action, Outcome outcome, String id, ObjectNode detail)
            throws ProblemException {
        outcome.draft().on(StandingElevations.resource(id));
        outcome.draft().detail().setAll(detail);
        return changes.intend(call, action, outcome, StandingElevations.resource(id), detail);
    }
}
