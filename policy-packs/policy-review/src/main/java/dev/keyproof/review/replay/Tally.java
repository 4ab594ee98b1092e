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

/** What was found so far; parts are added in the order of the history, so that the report is the same whoever found it. */
final class Tally {
    private static final int MOST_GROUPS = 2_000;
    private static final int MOST_EXAMPLES = 3;
    private static final int MOST_DIFFERING = 100;

    /** What one thread found in one part of the history. */
    static final class Part {
        private final List<Place> differing = new ArrayList<>();
        private final List<Flip> flips = new ArrayList<>();
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
                differing.add(sealed.place());
            }
        }

        /** Two policies decide it differently. */
        void flip(SealedDecision sealed, Change change, Decision before, Decision after) {
            SealedDecision.Call call = sealed.call();
            flips.add(new Flip(
                    sealed.place(),
                    new Group(change, call.operation(), call.actor(), call.key(), before.reasons(), after.reasons())));
        }
    }

    private record Flip(Place place, Group group) {}

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
        part.differing.stream().limit(MOST_DIFFERING - differing.size()).forEach(differing::add);
        part.flips.forEach(this::add);
    }

    private void add(Flip flip) {
        Members members = groups.get(flip.group());
        if (members == null && groups.size() == MOST_GROUPS) {
            unlisted++;
            return;
        }
        groups.computeIfAbsent(flip.group(), any -> new Members()).add(flip.place());
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
