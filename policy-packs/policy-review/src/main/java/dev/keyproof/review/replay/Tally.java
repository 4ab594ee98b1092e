package dev.keyproof.review.replay;

import dev.keyproof.policy.Decision;
import dev.keyproof.review.history.Place;
import dev.keyproof.review.history.SealedDecision;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was found so far; parts are added in the order of the history, so that the report is the same whoever found it. */
final class Tally {
    private static final int MOST_GROUPS = 2_000;
    private static final int MOST_EXAMPLES = 3;
    private static final int MOST_DIFFERING = 100;

    /** A decision that did not come out as it was sealed, or that two policies decide differently. */
    record Found(SealedDecision sealed, @Nullable Change change, List<String> before, List<String> after) {
        static Found differing(SealedDecision sealed) {
            return new Found(sealed, null, List.of(), List.of());
        }

        static Found flip(SealedDecision sealed, Change change, Decision before, Decision after) {
            return new Found(sealed, change, before.reasons(), after.reasons());
        }
    }

    /** What one thread found in one part of the history. */
    static final class Part {
        private final List<Found> found = new ArrayList<>();
        private final Map<String, Long> undecided = new TreeMap<>();
        private long decisions;
        private long replayed;
        private long same;

        void decision() {
            decisions++;
        }

        void undecided(String why) {
            undecided.merge(why, 1L, Long::sum);
        }

        void replayed(SealedDecision sealed, boolean isSame) {
            replayed++;
            if (isSame) {
                same++;
            } else {
                found.add(Found.differing(sealed));
            }
        }

        void flip(Found flip) {
            found.add(flip);
        }
    }

    private record Group(
            Change change, String operation, String actor, String key, List<String> before, List<String> after) {}

    private static final class Members {
        private final List<Place> examples = new ArrayList<>();
        private long count;
        private long first = Long.MAX_VALUE;
        private long last = Long.MIN_VALUE;

        void add(Place place) {
            count++;
            first = Math.min(first, place.time());
            last = Math.max(last, place.time());
            if (examples.size() < MOST_EXAMPLES) {
                examples.add(place);
            }
        }
    }

    private final Map<Group, Members> groups = new LinkedHashMap<>();
    private final Map<String, Long> undecided = new TreeMap<>();
    private final List<Place> differing = new ArrayList<>();
    private long decisions;
    private long replayed;
    private long same;
    private long unlisted;

    void add(Part part) {
        decisions += part.decisions;
        replayed += part.replayed;
        same += part.same;
        part.undecided.forEach((why, count) -> undecided.merge(why, count, Long::sum));
        for (Found found : part.found) {
            Place place = found.sealed().place();
            Change change = found.change();
            if (change == null) {
                if (differing.size() < MOST_DIFFERING) {
                    differing.add(place);
                }
            } else {
                add(found.sealed(), change, found.before(), found.after());
            }
        }
    }

    private void add(SealedDecision sealed, Change change, List<String> before, List<String> after) {
        Group group = new Group(change, sealed.operation(), sealed.actor(), sealed.key(), before, after);
        Members members = groups.get(group);
        if (members == null && groups.size() == MOST_GROUPS) {
            unlisted++;
            return;
        }
        groups.computeIfAbsent(group, any -> new Members()).add(sealed.place());
    }

    long decisions() {
        return decisions;
    }

    ReplayReport report(Map<String, Long> without, long remembered) {
        List<FlipGroup> flips = new ArrayList<>();
        groups.forEach((group, members) -> flips.add(new FlipGroup(
                group.change(),
                group.operation(),
                group.actor(),
                group.key(),
                group.before(),
                group.after(),
                members.count,
                members.first,
                members.last,
                members.examples)));
        flips.sort(Comparator.comparing(FlipGroup::change)
                .thenComparing(Comparator.comparingLong(FlipGroup::count).reversed())
                .thenComparing(FlipGroup::operation)
                .thenComparing(FlipGroup::actor)
                .thenComparing(FlipGroup::key));
        return new ReplayReport(decisions, replayed, same, differing, undecided, without, flips, unlisted, remembered);
    }
}
