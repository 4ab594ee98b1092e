package dev.keyproof.broker.operation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.datakey.DataKeyStore;
import dev.keyproof.broker.datakey.ReWrap;
import dev.keyproof.broker.decision.Ask;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.key.HeldKey;
import dev.keyproof.broker.key.Key;
import dev.keyproof.broker.key.KeyDocument;
import dev.keyproof.broker.key.KeyStore;
import dev.keyproof.broker.key.LeasedKeys;
import dev.keyproof.broker.key.Lifecycle;
import dev.keyproof.broker.key.Purpose;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.provider.Birth;
import dev.keyproof.broker.provider.KeyProvider;
import dev.keyproof.event.KeyOperation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How keys get new versions, how that is taken back, and how old versions end. */
public final class Rotations {
    private static final int MOST = 256;

    private final Calls calls;
    private final Changes changes;
    private final KeyStore store;
    private final LeasedKeys leased;
    private final DataKeyStore dataKeys;
    private final KeyProvider provider;

    public Rotations(
            Calls calls,
            Changes changes,
            KeyStore store,
            LeasedKeys leased,
            DataKeyStore dataKeys,
            KeyProvider provider) {
        this.calls = calls;
        this.changes = changes;
        this.store = store;
        this.leased = leased;
        this.dataKeys = dataKeys;
        this.provider = provider;
    }

    /**
     * Which keys an event makes old: those named, or those whose owner and tags are these.
     *
     * @param reason {@code incident}, {@code staff-change}, {@code certificate-change}, or the caller's own word
     */
    public record Event(
            @Nullable String reason,
            @Nullable List<String> keys,
            @Nullable String owner,
            @Nullable Map<String, String> tags) {}

    /** What became of one key. */
    public record Rotated(
            String key, @Nullable Integer version, @Nullable ProblemException problem, String record) {}

    /** A new version, which protects from now on; the old ones go on processing. A KEK's data keys follow it. */
    public Answer<KeyDocument> rotate(Call call, String id, Change request) throws ProblemException {
        return changes.change(
                call,
                KeyOperation.ROTATE_KEY,
                id,
                request,
                Changes.Parameters.none(),
                held -> HeldKey.node().put("version", next(held.key())),
                (intent, outcome, besides) -> {
                    int version = next(outcome.key().key());
                    return store.change(
                            intent,
                            id,
                            key -> {
                                key.after(Lifecycle.Change.ROTATE);
                                if (next(key) != version) {
                                    throw new ProblemException(
                                            Problem.CONFLICT, "the key was rotated at the same time");
                                }
                                Birth birth = provider.create(
                                                id, version, key.algorithm(), key.residence(), intent.uid())
                                        .value();
                                return key.with(
                                        Births.version(id, version, key.algorithm(), birth, changes.now(), intent),
                                        birth.attributes());
                            },
                            besides.and(moving(outcome, version)));
                });
    }

    /** The version before the current one protects again, under the same names; a KEK's data keys go back to it. */
    public Answer<KeyDocument> backOut(Call call, String id, Change request) throws ProblemException {
        return changes.change(
                call,
                KeyOperation.BACK_OUT_ROTATION,
                id,
                request,
                Changes.Parameters.none(),
                held -> HeldKey.node().put("version", held.key().backedOut().protecting()),
                (intent, outcome, besides) -> {
                    int version = outcome.key().key().backedOut().protecting();
                    return store.change(
                            intent,
                            id,
                            key -> {
                                Key back = key.backedOut();
                                if (back.protecting() != version) {
                                    throw new ProblemException(
                                            Problem.CONFLICT, "the key was rotated at the same time");
                                }
                                return back;
                            },
                            besides.and(moving(outcome, version)));
                });
    }

    /**
     * Every version but the current one processes nothing any more; of a KEK only when nothing registered needs it.
     *
     * @throws ProblemException {@link Problem#ILLEGAL_STATE} while a data key still stands under another version
     */
    public Answer<KeyDocument> retire(Call call, String id, Change request) throws ProblemException {
        return changes.change(
                call,
                KeyOperation.RETIRE_VERSION,
                id,
                request,
                Changes.Parameters.none(),
                held -> HeldKey.node().put("version", held.key().protecting()),
                (intent, outcome, besides) -> store.change(
                        intent,
                        id,
                        key -> {
                            long left = dataKeys.countElsewhere(id, key.protecting());
                            if (left > 0) {
                                throw new ProblemException(
                                        Problem.ILLEGAL_STATE,
                                        left + " data keys still stand under older versions of this KEK");
                            }
                            long moved = key.purpose() == Purpose.WRAP ? dataKeys.count(id) : 0;
                            outcome.draft().detail().put("dataKeys", moved).put("elsewhere", left);
                            return key.retired(changes.now());
                        },
                        besides.and(using -> {
                            ReWrap move = dataKeys.move(id).orElse(null);
                            if (move != null && move.ended() == null) {
                                dataKeys.end(move, changes.now());
                            }
                        })));
    }

    /** Rotates every key that an event makes old: the choice is on the record, and then each key's rotation. */
    public Answer<List<Rotated>> rotate(Call call, Event event) throws ProblemException {
        Answer<List<String>> chosen =
                calls.perform(call, Action.of(KeyOperation.LIST_KEYS), null, 200, none -> Ask.PLAIN, outcome -> {
                    List<String> ids = selected(event);
                    outcome.draft().count(ids.size());
                    outcome.draft().detail().put("rotates", Fields.text(event.reason(), "reason"));
                    return ids;
                });
        String reason = Fields.text(event.reason(), "reason");
        List<Rotated> results = new ArrayList<>();
        for (String id : chosen.value()) {
            try {
                Answer<KeyDocument> answer = rotate(call.again(), id, Change.because(reason));
                results.add(new Rotated(id, answer.value().version(), null, answer.position()));
            } catch (ProblemException e) {
                String position = e.position();
                results.add(new Rotated(id, null, e, position == null ? "" : position));
            }
        }
        return new Answer<>(results, chosen.position());
    }

    private List<String> selected(Event event) throws ProblemException {
        List<String> named = event.keys();
        if (named != null) {
            if (named.isEmpty() || named.size() > MOST) {
                throw Fields.invalid("keys: has " + named.size() + ", not 1 to " + MOST);
            }
            List<String> ids = new ArrayList<>();
            for (String name : named) {
                ids.add(leased.resolve(Fields.text(name, "keys")));
            }
            return ids.stream().distinct().toList();
        }
        if (event.owner() == null && event.tags() == null) {
            throw Fields.invalid("keys: name them, or an owner or tags that they have");
        }
        List<String> ids = leased.all().stream()
                .filter(key -> Lifecycle.permits(key.state(), key.terms().destruction() != null, Lifecycle.Use.PROTECT))
                .filter(key -> event.owner() == null
                        || event.owner().equals(key.description().owner()))
                .filter(key -> event.tags() == null
                        || key.description()
                                .tags()
                                .entrySet()
                                .containsAll(event.tags().entrySet()))
                .map(Key::id)
                .toList();
        if (ids.size() > MOST) {
            throw Fields.invalid("tags: " + ids.size() + " keys have these, more than " + MOST);
        }
        return ids;
    }

    /** For a KEK: its data keys are to follow to that version, as fast and as soon as policy says. */
    private KeyStore.Besides moving(Outcome outcome, int version) throws ProblemException {
        Key key = outcome.key().key();
        if (key.purpose() != Purpose.WRAP) {
            return KeyStore.Besides.nothing();
        }
        JsonNode terms =
                outcome.verdict().decision().result().path("obligations").path("reWrap");
        int perSecond = terms.path("perSecond").asInt();
        int hours = terms.path("hours").asInt();
        if (perSecond < 1 || hours < 1) {
            throw new ProblemException(Problem.INTERNAL, "policy does not say how data keys follow their KEK");
        }
        Instant now = changes.now();
        return intent -> dataKeys.begin(new ReWrap(
                key.id(),
                version,
                dataKeys.countElsewhere(key.id(), version),
                0,
                0,
                perSecond,
                intent.uid(),
                now,
                now.plus(Duration.ofHours(hours)),
                null));
    }

    private static int next(Key key) {
        return key.newest().version() + 1;
    }
}
