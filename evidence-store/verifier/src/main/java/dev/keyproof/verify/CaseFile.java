package dev.keyproof.verify;

import dev.keyproof.log.merkle.Hash;
import dev.keyproof.log.merkle.TreeHasher;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A case as its sealed steps tell it: each names the one before, so that there is one order and no gap. Used by one thread. */
public final class CaseFile {
    private final TreeHasher hasher = new TreeHasher();
    private final List<Sealed> steps = new ArrayList<>();

    /**
     * A step in its place.
     *
     * @param year of the log
     * @param by the actor's id
     * @param time in ms
     */
    public record Sealed(int year, long index, Hash leaf, String by, long time, CaseStep step) {}

    /** Where an entry is sealed. */
    public record Place(int year, long index) {}

    /** With no step so far. */
    public CaseFile() {}

    /** With the steps of another. */
    public CaseFile(CaseFile other) {
        steps.addAll(other.steps);
    }

    /** As it was when the logs had these sizes, by year. */
    public CaseFile upTo(Map<Integer, Long> sizes) {
        CaseFile then = new CaseFile();
        steps.stream()
                .takeWhile(step -> step.index() < sizes.getOrDefault(step.year(), 0L))
                .forEach(then.steps::add);
        return then;
    }

    /** Whether a step is the next: the opening if there is none, else one that names the last, unless that closed the case. */
    public boolean isNext(CaseStep step) {
        return steps.isEmpty()
                ? step.act() instanceof CaseStep.Opened && step.previous().isEmpty()
                : !isClosed()
                        && !(step.act() instanceof CaseStep.Opened)
                        && step.previous().equals(Optional.of(steps.getLast().leaf()));
    }

    /** Takes a step. */
    public void add(Entry entry, CaseStep step) {
        steps.add(new Sealed(
                Integer.parseInt(entry.log().substring(entry.log().indexOf('/') + 1)),
                entry.index(),
                hasher.leaf(entry.bytes()),
                entry.json().map(json -> json.at("/actor/user/uid").asText()).orElse(""),
                entry.json().map(json -> json.path("time").asLong()).orElse(0L),
                step));
    }

    /** All steps, the opening first. */
    public List<Sealed> steps() {
        return Collections.unmodifiableList(steps);
    }

    /** Where its steps stand, and what belongs to it. */
    public Set<Place> places() {
        Set<Place> places = new LinkedHashSet<>();
        for (Sealed sealed : steps) {
            places.add(new Place(sealed.year(), sealed.index()));
            sealed.step().act().brings().ifPresent(record -> places.add(new Place(record.year(), record.index())));
        }
        return places;
    }

    public boolean isEmpty() {
        return steps.isEmpty();
    }

    /** Whether nothing can follow. */
    public boolean isClosed() {
        return !steps.isEmpty() && steps.getLast().step().act() instanceof CaseStep.Closed;
    }

    /** The entries that belong to it, each with the act by which it first did. */
    public Map<CaseStep.Attached, CaseStep.Act> records() {
        Map<CaseStep.Attached, CaseStep.Act> records = new LinkedHashMap<>();
        for (Sealed sealed : steps) {
            CaseStep.Act act = sealed.step().act();
            act.brings().ifPresent(record -> records.putIfAbsent(record, act));
        }
        return records;
    }
}
