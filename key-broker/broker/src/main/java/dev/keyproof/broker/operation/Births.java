package dev.keyproof.broker.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.f4b6a3.ulid.UlidCreator;
import dev.keyproof.broker.call.Call;
import dev.keyproof.broker.journal.Action;
import dev.keyproof.broker.key.Algorithm;
import dev.keyproof.broker.key.Intent;
import dev.keyproof.broker.key.Key;
import dev.keyproof.broker.key.KeyDocument;
import dev.keyproof.broker.key.KeyState;
import dev.keyproof.broker.key.KeyStore;
import dev.keyproof.broker.key.KeyVersion;
import dev.keyproof.broker.key.Purpose;
import dev.keyproof.broker.key.Terms;
import dev.keyproof.broker.problem.ProblemException;
import dev.keyproof.broker.provider.Birth;
import dev.keyproof.broker.provider.Capabilities;
import dev.keyproof.broker.provider.KeyProvider;
import dev.keyproof.event.KeyOperation;
import dev.keyproof.event.Resource;
import java.time.Instant;
import java.util.List;

/** How keys come to be. */
public final class Births {
    private final Calls calls;
    private final Permits permits;
    private final Changes changes;
    private final KeyStore store;
    private final KeyProvider provider;

    public Births(Calls calls, Permits permits, Changes changes, KeyStore store, KeyProvider provider) {
        this.calls = calls;
        this.permits = permits;
        this.changes = changes;
        this.store = store;
        this.provider = provider;
    }

    public Answer<KeyDocument> create(Call call, NewKey request) throws ProblemException {
        Action action = Action.of(KeyOperation.CREATE_KEY);
        return calls.perform(
                call, action, null, 201, none -> request.checked(call).ask(), outcome -> {
                    NewKey.Checked wanted = request.checked(call);
                    requireCapable(wanted);
                    String id = UlidCreator.getUlid().toString();
                    outcome.draft().on(Resource.key(id, "1", null));
                    permits.wear(call, id, outcome.verdict());
                    Intent intent = changes.intend(call, action, outcome, Resource.key(id, "1", null), wanted.detail());
                    Birth birth = provider.create(id, 1, wanted.algorithm(), wanted.residence(), intent.uid())
                            .value();
                    return changes.committed(outcome, store.insert(intent, born(id, wanted, outcome, birth, intent)));
                });
    }

    private void requireCapable(NewKey.Checked wanted) throws ProblemException {
        Capabilities able = provider.capabilities();
        if (!able.has(wanted.residence(), wanted.algorithm())) {
            throw Fields.invalid("algorithm: this broker's device has no "
                    + wanted.residence().json() + " keys of " + wanted.algorithm());
        }
        if (wanted.purpose() == Purpose.WRAP && !able.reWraps()) {
            throw Fields.invalid("purpose: what this broker's device seals cannot follow a rotation");
        }
    }

    private Key born(String id, NewKey.Checked wanted, Outcome outcome, Birth birth, Intent intent) {
        JsonNode obligations = outcome.verdict().decision().result().path("obligations");
        Integer rotation = wanted.rotationPeriodDays();
        if (rotation == null && obligations.path("rotationPeriodDays").isInt()) {
            rotation = obligations.path("rotationPeriodDays").intValue();
        }
        long limit = obligations.path("usageLimit").asLong(0);
        if (wanted.usageLimit() != null && (limit == 0 || wanted.usageLimit() < limit)) {
            limit = wanted.usageLimit();
        }
        Instant now = changes.now();
        Instant activates = wanted.activates();
        return new Key(
                id,
                wanted.description(),
                wanted.purpose(),
                wanted.algorithm(),
                activates == null || !activates.isAfter(now) ? KeyState.ACTIVE : KeyState.PRE_ACTIVE,
                now,
                new Terms(rotation, limit, activates, null),
                provider.name(),
                wanted.residence(),
                birth.attributes(),
                List.of(version(id, 1, wanted.algorithm(), birth, now, intent)),
                1,
                List.of(),
                0);
    }

    static KeyVersion version(
            String id, int version, Algorithm algorithm, Birth birth, Instant created, Intent intent) {
        return new KeyVersion(id, version, algorithm, birth.reference(), created, intent.uid(), birth.wrapped(), null);
    }
}
