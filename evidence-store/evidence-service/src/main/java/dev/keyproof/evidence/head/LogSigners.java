package dev.keyproof.evidence.head;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which generation of keys signs which head. An entry in the log hands over from one to the next: the first head over that entry is
 * signed by both, heads before by the old, heads after by the new. Follows from the log alone, so that a crash changes nothing.
 * Thread-safe.
 */
public final class LogSigners {
    /** By year, then by the index of the entry: the generation that signs from there on. */
    private final NavigableMap<Integer, NavigableMap<Long, Integer>> handovers = new TreeMap<>();
    /** By generation: when it was said that somebody else may have its keys. */
    private final SortedMap<Integer, Instant> compromised = new TreeMap<>();

    /** The entry {@code index} of a year's log hands over to a generation. */
    public synchronized void handedOver(int year, long index, int generation) {
        handovers.computeIfAbsent(year, key -> new TreeMap<>()).put(index, generation);
    }

    /** Somebody else may have the keys of a generation. */
    public synchronized void compromised(int generation, Instant when) {
        compromised.putIfAbsent(generation, when);
    }

    /** The generations whose keys somebody else may have, each with when that was said. */
    public synchronized SortedMap<Integer, Instant> compromised() {
        return new TreeMap<>(compromised);
    }

    /** The generations that sign the head of {@code size} entries, the one before being of {@code last} entries. */
    public synchronized List<Integer> generations(int year, long last, long size) {
        List<Integer> generations = new ArrayList<>();
        for (int one = at(year, last); one <= at(year, size); one++) {
            generations.add(one);
        }
        return generations;
    }

    /** Up to how many entries a generation alone signs heads of a year's log; empty while it has not handed over in it. */
    public synchronized OptionalLong until(int year, int generation) {
        NavigableMap<Long, Integer> own = handovers.getOrDefault(year, new TreeMap<>());
        return own.entrySet().stream()
                .filter(handover -> handover.getValue() > generation)
                .mapToLong(Map.Entry::getKey)
                .findFirst();
    }

    /** The generation that signs heads of a year's log beyond a size. */
    public synchronized int at(int year, long size) {
        NavigableMap<Long, Integer> own = handovers.get(year);
        Map.Entry<Long, Integer> before = own == null ? null : own.lowerEntry(size);
        if (before != null) {
            return before.getValue();
        }
        Map.Entry<Integer, NavigableMap<Long, Integer>> earlier = handovers.lowerEntry(year);
        return earlier == null ? 1 : earlier.getValue().lastEntry().getValue();
    }
}
