package dev.keyproof.evidence.retention;

import dev.keyproof.verify.LegalHold;
import dev.keyproof.verify.PolicyBundle;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;

/**
 * What ends, and when: follows from policy, the years there are, the holds and the time, and from nothing else.
 *
 * @param years oldest first
 */
public record Schedule(List<Year> years) {
    /** How a year's log is kept. */
    public enum State {
        /** It still grows. */
        OPEN,
        /** Its time has not passed. */
        KEPT,
        /** Its time has passed, and a hold keeps it. */
        HELD,
        /** Its time has passed, and nothing holds it. */
        ENDED
    }

    /**
     * The log of one year. Its time runs from the year's end, for events are sealed until then.
     *
     * @param ends when its longest class ends
     * @param atHandUntil until when it must be at hand
     * @param heldBy names of the holds that cover it
     */
    public record Year(int year, Instant ends, Instant atHandUntil, List<String> heldBy, State state) {
        /** Whether its end is so near that it must have been announced. */
        boolean isNear(Instant now, int days) {
            return state != State.OPEN
                    && !now.isBefore(
                            ends.atOffset(ZoneOffset.UTC).minusDays(days).toInstant());
        }
    }

    /** @param current the year of sealing */
    public static Schedule of(
            PolicyBundle.Retention retention,
            Collection<Integer> years,
            int current,
            List<LegalHold> holds,
            Instant now) {
        return new Schedule(years.stream()
                .sorted()
                .map(year -> year(retention, year, current, holds, now))
                .toList());
    }

    private static Year year(
            PolicyBundle.Retention retention, int year, int current, List<LegalHold> holds, Instant now) {
        Instant ends = after(year, retention.months());
        List<String> heldBy = holds.stream()
                .filter(hold -> hold.covers(year))
                .map(LegalHold::hold)
                .distinct()
                .sorted()
                .toList();
        State state;
        if (year >= current) {
            state = State.OPEN;
        } else if (now.isBefore(ends)) {
            state = State.KEPT;
        } else {
            state = heldBy.isEmpty() ? State.ENDED : State.HELD;
        }
        return new Year(year, ends, after(year, retention.atHandMonths()), heldBy, state);
    }

    private static Instant after(int year, int months) {
        return LocalDate.of(year + 1, 1, 1)
                .plusMonths(months)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
    }
}
