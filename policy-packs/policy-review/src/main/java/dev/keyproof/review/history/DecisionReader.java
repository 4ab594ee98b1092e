package dev.keyproof.review.history;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds the decisions in entries. An intent has the decision of its outcome, which counts once; an outcome that left its own out, as too
 * large, has it from there.
 */
final class DecisionReader {
    private final Period period;
    private final SealedHistory.Sink sink;
    private final EntryReader entries;

    private final Map<String, Optional<Told.Decided>> intended = new HashMap<>();
    private final Map<String, Long> without = new TreeMap<>();
    private long last;

    DecisionReader(Period period, SealedHistory.Sink sink) {
        this.period = period;
        this.sink = sink;
        this.entries = sink.policies().isEmpty()
                ? EntryReader.whole()
                : EntryReader.decisions(sink.policies(), sink.takesEvents());
    }

    /** What an entry tells. By any thread. */
    Told told(byte[] entry) {
        return entries.read(entry);
    }

    /** The next entry. */
    void entry(String log, long index, Told told) throws HistoryException {
        // What is no event, as a head or what was set aside, has the time of the event before it.
        last = told.time().orElse(last);
        Place place = new Place(log, index, last);
        if (period.isOver(place.time())) {
            return;
        }
        if (told.event().isObject()) {
            sink.event(place, told.event());
        }
        switch (told.kind()) {
            case "intent" -> intended.put(told.uid(), told.decision());
            case "operation", "approval" -> outcome(place, told);
            default -> {}
        }
    }

    private void outcome(Place place, Told told) throws HistoryException {
        Optional<Told.Decided> before =
                Optional.ofNullable(intended.remove(told.intent())).flatMap(decision -> decision);
        if (!period.contains(place.time())) {
            return;
        }
        Optional<Told.Decided> decision = told.decision().or(() -> before);
        if (decision.isPresent()) {
            take(place, decision.get());
        } else {
            without.merge(told.without(), 1L, Long::sum);
        }
        // A call about two keys is decided on both.
        if (told.also().isPresent()) {
            take(place, told.also().get());
        }
    }

    private void take(Place place, Told.Decided decided) throws HistoryException {
        sink.take(new SealedDecision(place, decided.asked(), decided.input()));
    }

    Map<String, Long> without() {
        return without;
    }
}
