package dev.keyproof.review.standing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.policy.PolicyException;
import dev.keyproof.policy.RuleResult;
import dev.keyproof.policy.history.AccountAct;
import dev.keyproof.policy.history.Happening;
import dev.keyproof.policy.history.SubjectInput;
import dev.keyproof.review.history.HistoryException;
import dev.keyproof.review.history.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Since when what fails at a moment has failed, found by a second reading of the same history: what fails is judged again at every change
 * of it, and now and then between. Used by one thread.
 */
public final class Failing {
    private static final int USE = 99;
    private static final int LOOKS = 128;
    private static final long SHORTEST_MS = 3_600_000;
    private static final long EXACT_MS = 1_000;

    private final PolicyEngine engine;
    private final long step;
    private final boolean whole;
    private final Keys keys = new Keys();
    private final Others others = new Others();
    private final Map<String, Followed> followed = new HashMap<>();

    /** A subject that fails in the end. */
    private static final class Followed {
        private final String kind;
        private final String id;
        private final Set<String> rules = new HashSet<>();
        private final Map<String, Posture.Since> failing = new HashMap<>();
        private OptionalLong looked = OptionalLong.empty();
        private long told;

        Followed(String kind, String id) {
            this.kind = kind;
            this.id = id;
        }
    }

    /**
     * Nothing is read yet.
     *
     * @param posture what failed
     * @param first the first time in the history, milliseconds since 1970
     * @param whole as in the first reading
     */
    Failing(PolicyEngine engine, Posture posture, long first, boolean whole) {
        this.engine = engine;
        this.whole = whole;
        step = Math.max(SHORTEST_MS, (posture.at() - first) / LOOKS);
        posture.findings()
                .forEach(finding -> followed.computeIfAbsent(
                                name(finding.subject(), finding.id()),
                                any -> new Followed(finding.subject(), finding.id()))
                        .rules
                        .add(finding.rule()));
    }

    private static String name(String kind, String id) {
        return kind + ' ' + id;
    }

    /** Reads an entry again. */
    public void event(Place place, JsonNode event) throws HistoryException {
        List<Followed> touched = touched(event);
        for (Followed one : touched) {
            if (isDue(one, place.time(), event)) {
                look(one, place.time());
            }
        }
        keys.event(place, event);
        others.event(place, event);
        for (Followed one : touched) {
            one.told = Math.max(one.told, place.time());
            if (isDue(one, place.time(), event)) {
                look(one, place.time());
            }
        }
    }

    /** Before and after what changes it, and where it is only used, or acts, or is written to, now and then. */
    private boolean isDue(Followed one, long time, JsonNode event) {
        boolean often = switch (one.kind) {
            case "key" -> event.path("activity_id").asInt() == USE;
            case SubjectInput.ACCOUNT, SubjectInput.LOG -> true;
            default -> false;
        };
        return time >= one.told && (!often || time - one.looked.orElse(Long.MIN_VALUE / 2) >= step);
    }

    private List<Followed> touched(JsonNode event) {
        List<Followed> touched = new ArrayList<>();
        Stream.of(
                        Optional.of(name(
                                "key",
                                event.path("resources").path(0).path("uid").asText())),
                        AccountAct.of(event).map(act -> name(SubjectInput.ACCOUNT, act.account())),
                        Happening.of(event)
                                .filter(Happening::isOfBroker)
                                .map(any -> name(SubjectInput.INSTALLATION, SubjectInput.INSTALLATION)),
                        Happening.of(event).map(told -> name(SubjectInput.TOKEN, told.token())),
                        Optional.of(name(SubjectInput.LOG, SubjectInput.LOG)))
                .flatMap(Optional::stream)
                .forEach(name -> {
                    Followed one = followed.get(name);
                    if (one != null) {
                        touched.add(one);
                    }
                });
        return touched;
    }

    private Optional<Subject> subject(Followed one) {
        return one.kind.equals("key") ? keys.subject(one.id) : others.subject(one.kind, one.id, whole);
    }

    /** Judges it at a time, at which nothing was told of it since {@code told}. */
    private void look(Followed one, long time) throws HistoryException {
        Optional<Subject> subject = subject(one);
        if (subject.isEmpty()) {
            return;
        }
        Set<String> failed = failed(subject.get(), time);
        one.failing.keySet().retainAll(failed);
        for (String rule : one.rules) {
            if (failed.contains(rule) && !one.failing.containsKey(rule)) {
                one.failing.put(rule, began(one, subject.get(), rule, time));
            }
        }
        one.looked = OptionalLong.of(time);
    }

    /** Where nothing was told in between it is time alone that broke the rule: then to the second, for a rule that stays broken. */
    private Posture.Since began(Followed one, Subject subject, String rule, long time) throws HistoryException {
        if (one.looked.isEmpty()) {
            return new Posture.Since(time, OptionalLong.empty());
        }
        long passed = Math.max(one.told, one.looked.getAsLong());
        if (passed >= time || failed(subject, passed).contains(rule)) {
            return new Posture.Since(Math.min(passed, time), one.looked);
        }
        long failing = time;
        while (failing - passed > EXACT_MS) {
            long middle = passed + (failing - passed) / 2;
            if (failed(subject, middle).contains(rule)) {
                failing = middle;
            } else {
                passed = middle;
            }
        }
        return new Posture.Since(failing, OptionalLong.of(passed));
    }

    private Set<String> failed(Subject subject, long time) throws HistoryException {
        try {
            Set<String> failed = new HashSet<>();
            for (RuleResult result : engine.evaluate(subject.input().apply(time))) {
                if (Verdict.of(result) == Verdict.FAIL) {
                    failed.add(result.rule());
                }
            }
            return failed;
        } catch (PolicyException e) {
            throw new HistoryException(subject.id() + " cannot be judged: " + e.getMessage(), e);
        }
    }

    /** The same posture, and since when each finding is one. */
    public Posture found(Posture posture) throws HistoryException {
        for (Followed one : followed.values()) {
            if (posture.at() >= one.told) {
                look(one, posture.at());
            }
        }
        return posture.since(finding -> Optional.ofNullable(followed.get(name(finding.subject(), finding.id())))
                .map(one -> one.failing.get(finding.rule())));
    }
}
