package dev.keyproof.review.report;

import dev.keyproof.review.replay.Change;
import dev.keyproof.review.standing.VerdictChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Which changes fail a review, and from how many on. */
public final class Thresholds {
    /** Decisions that were not made again, as their policy was not kept. */
    static final String UNREPLAYED = "unreplayed";

    private final Map<String, Long> most;

    private Thresholds(Map<String, Long> most) {
        this.most = most;
    }

    /**
     * From names of changes, each with the number that still passes where that is not 0: {@code locked} or {@code locked=10}.
     *
     * @throws IllegalArgumentException if one is no such name, or no number
     */
    public static Thresholds of(Collection<String> texts) {
        Map<String, Long> most = new TreeMap<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            String name = (equals < 0 ? text : text.substring(0, equals)).toLowerCase(Locale.ROOT);
            if (!names().contains(name)) {
                throw new IllegalArgumentException("'" + text + "' is none of " + String.join(", ", names()));
            }
            most.put(name, equals < 0 ? 0 : number(text, text.substring(equals + 1)));
        }
        return new Thresholds(most);
    }

    private static long number(String text, String digits) {
        if (!digits.matches("[0-9]{1,18}")) {
            throw new IllegalArgumentException("'" + text + "' ends in no number");
        }
        return Long.parseLong(digits);
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>();
        for (Change change : Change.values()) {
            names.add(name(change));
        }
        names.add(UNREPLAYED);
        for (VerdictChange change : VerdictChange.values()) {
            names.add(name(change));
        }
        return names;
    }

    static String name(Enum<?> change) {
        return change.name().toLowerCase(Locale.ROOT);
    }

    boolean isExceeded(Enum<?> change, long count) {
        return isExceeded(name(change), count);
    }

    boolean isExceeded(String name, long count) {
        Long passing = most.get(name);
        return passing != null && count > passing;
    }

    /** Whether the review fails by a change; a decision that is not what was sealed always fails it. */
    public boolean fail(Review review) {
        boolean failing = false;
        if (review.replay() != null) {
            failing = !review.replay().isFaithful()
                    || review.replay().unlisted() > 0
                    || isExceeded(UNREPLAYED, review.replay().unreplayed());
            for (Change change : Change.values()) {
                failing |= isExceeded(change, review.replay().count(change));
            }
        }
        if (review.standing() != null) {
            for (VerdictChange change : VerdictChange.values()) {
                failing |= isExceeded(change, review.standing().count(change));
            }
        }
        return failing;
    }
}
