package dev.keyproof.review.standing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.policy.history.AccountAct;
import dev.keyproof.policy.history.AccountHistory;
import dev.keyproof.policy.history.Happening;
import dev.keyproof.policy.history.InstallationHistory;
import dev.keyproof.policy.history.OpenIntent;
import dev.keyproof.policy.history.SealingHistory;
import dev.keyproof.policy.history.SubjectInput;
import dev.keyproof.policy.history.TokenHistory;
import dev.keyproof.review.history.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The accounts, the installation and the tokens of a history, folded from its events by one thread as the stream job does it; and the log
 * itself, which the stream does not see.
 */
final class Others {
    private final Map<String, Told<AccountHistory>> accounts = new TreeMap<>();
    private final Map<String, Told<TokenHistory>> tokens = new TreeMap<>();
    private final Told<InstallationHistory> installation =
            new Told<>(InstallationHistory.of(MissingNode.getInstance()));
    private final Map<String, OpenIntent> open = new HashMap<>();
    private final Told<SealingHistory> log = new Told<>(SealingHistory.of(MissingNode.getInstance()));

    /** What is remembered, and where it was told of last. */
    private static final class Told<T> {
        private final T history;
        private @Nullable Place last;

        Told(T history) {
            this.history = history;
        }

        T at(Place place) {
            if (last == null || last.time() <= place.time()) {
                last = place;
            }
            return history;
        }
    }

    /** Remembers what an entry tells of any of these. */
    void event(Place place, JsonNode event) {
        if (log.history.add(event, place.time()) || log.last == null) {
            log.at(place);
        }
        AccountAct.of(event)
                .ifPresent(act -> accounts.computeIfAbsent(
                                act.account(), any -> new Told<>(AccountHistory.of(MissingNode.getInstance())))
                        .at(place)
                        .add(act));
        Happening.of(event).filter(Happening::isOfBroker).ifPresent(happening -> happened(place, happening));
    }

    private void happened(Place place, Happening event) {
        InstallationHistory history = installation.at(place);
        if (event.kind().equals("intent")) {
            open.put(event.event(), new OpenIntent(event.event(), event.operation(), event.time()));
        } else {
            open.remove(event.intent());
            history.add(event);
        }
        if (!event.token().isEmpty()) {
            tokens.computeIfAbsent(event.token(), any -> new Told<>(TokenHistory.of(MissingNode.getInstance())))
                    .at(place)
                    .add(event);
        }
    }

    /** All that were told of, by kind and name. {@code whole}: no entry of the log is kept from us. */
    List<Subject> subjects(boolean whole) {
        List<Subject> known = new ArrayList<>();
        accounts.forEach((id, told) -> add(known, SubjectInput.ACCOUNT, id, told, history -> history.input(id)));
        add(
                known,
                SubjectInput.INSTALLATION,
                SubjectInput.INSTALLATION,
                installation,
                history -> history.input(open.values()));
        add(known, SubjectInput.LOG, SubjectInput.LOG, log, history -> history.input(SubjectInput.LOG, whole));
        tokens.forEach((id, told) -> add(known, SubjectInput.TOKEN, id, told, history -> history.input(id)));
        return known;
    }

    private static <T> void add(
            List<Subject> known, String kind, String id, Told<T> told, Function<T, ObjectNode> input) {
        if (told.last != null) {
            known.add(new Subject(kind, id, told.last, at -> SubjectInput.of(kind, input.apply(told.history), at)));
        }
    }
}
