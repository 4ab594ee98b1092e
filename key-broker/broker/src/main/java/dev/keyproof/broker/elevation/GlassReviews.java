package dev.keyproof.broker.elevation;

import dev.keyproof.broker.journal.Draft;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.time.Clock;

/**
 * Tells, on the record, of each broken glass and of each whose review is overdue. Brokers share this by rows' locks; one that dies between
 * record and mark tells a second time, and the finding that the stream makes of both is one.
 */
public final class GlassReviews {
    private final ElevationStore store;
    private final Recorder recorder;
    private final Clock clock;

    GlassReviews(ElevationStore store, Recorder recorder, Clock clock) {
        this.store = store;
        this.recorder = recorder;
        this.clock = clock;
    }

    /** Tells what is to be told now. */
    public void perform() throws ProblemException {
        store.notice(
                clock.instant(),
                elevation -> recorder.append(describe(
                        Draft.service("NoticeBreakGlass").message("The glass was broken; a review is due."),
                        elevation)));
        store.overdue(
                clock.instant(),
                elevation -> recorder.append(describe(
                        Draft.service("BreakGlassReviewOverdue")
                                .failed(new ProblemException(
                                        Problem.CONFLICT, "elevation " + elevation.id() + " was not reviewed in time"))
                                .message("A broken glass was not reviewed in time."),
                        elevation)));
    }

    private static Draft describe(Draft draft, Elevation elevation) {
        draft.on(StandingElevations.resource(elevation.id()));
        draft.detail()
                .put("elevation", elevation.id())
                .put("holder", elevation.holder())
                .set("terms", elevation.terms().json());
        if (elevation.grant() != null) {
            draft.detail().put("until", elevation.grant().until().toString());
        }
        if (elevation.reviewDue() != null) {
            draft.detail().put("reviewDue", elevation.reviewDue().toString());
        }
        return draft;
    }
}
