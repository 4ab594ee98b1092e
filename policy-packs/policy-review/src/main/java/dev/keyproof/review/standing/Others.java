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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
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
        return Stream.of(
                        accounts.keySet().stream().map(id -> subject(SubjectInput.ACCOUNT, id, whole)),
                        Stream.of(
                                subject(SubjectInput.INSTALLATION, SubjectInput.INSTALLATION, whole),
                                subject(SubjectInput.LOG, SubjectInput.LOG, whole)),
                        tokens.keySet().stream().map(id -> subject(SubjectInput.TOKEN, id, whole)))
                .flatMap(some -> some)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Empty where nothing was told of it. */
    Optional<Subject> subject(String kind, String id, boolean whole) {
        return switch (kind) {
            case SubjectInput.ACCOUNT -> of(kind, id, accounts.get(id), history -> history.input(id));
            case SubjectInput.TOKEN -> of(kind, id, tokens.get(id), history -> history.input(id));
            case SubjectInput.LOG -> of(kind, id, log, history -> history.input(id, whole));
            default -> of(kind, id, installation, history -> history.input(open.values()));
        };
    }

    private static <T> Optional<Subject> of(
            String kind, String id, @Nullable Told<T> told, Function<T, ObjectNode> input) {
        return told == null || told.last == null
                ? Optional.empty()
                : Optional.of(
                        new Subject(kind, id, told.last, at -> SubjectInput.of(kind, input.apply(told.history), at)));
    }
}
