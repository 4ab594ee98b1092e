package dev.keyproof.review.replay;

import dev.keyproof.policy.DecisionMemo;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.policy.PolicyException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Policies by their digests, each loaded when it is asked for first. Thread-safe. */
public final class Policies {
    /** Decisions that each policy keeps; an organisation's services and keys make some thousands that differ. */
    public static final int REMEMBERED = 50_000;

    private final int remembered;
    private final Map<String, PolicyBundle> bundles = new HashMap<>();
    // Touched under this object's lock alone.
    private final Map<String, Optional<DecisionMemo>> loaded = new HashMap<>();

    /**
     * Policies none of which is loaded yet.
     *
     * @param remembered how many decisions each keeps; 0 to evaluate every one
     */
    public Policies(List<PolicyBundle> kept, int remembered) {
        this.remembered = remembered;
        kept.forEach(bundle -> bundles.put(bundle.digest(), bundle));
    }

    /** How many decisions each keeps. */
    int remembered() {
        return remembered;
    }

    /** The decisions of the bundle over its own data. */
    public DecisionMemo of(PolicyBundle bundle) throws PolicyException {
        return decisions(PolicyEngine.load(bundle));
    }

    /** The decisions of an engine. */
    public synchronized DecisionMemo decisions(PolicyEngine engine) {
        DecisionMemo decisions = DecisionMemo.over(engine, remembered);
        // What is compared is often what decided.
        loaded.put(name(engine.policyDigest(), engine.dataDigest()), Optional.of(decisions));
        return decisions;
    }

    private static String name(String policy, String data) {
        return policy + " " + data;
    }

    /** The decisions of that policy over that data; empty where the two were not kept. */
    synchronized Optional<DecisionMemo> under(String policy, String data) throws PolicyException {
        String name = name(policy, data);
        Optional<DecisionMemo> known = loaded.get(name);
        if (known == null) {
            known = load(policy, data);
            loaded.put(name, known);
        }
        return known;
    }

    private Optional<DecisionMemo> load(String policy, String data) throws PolicyException {
        PolicyBundle bundle = bundles.get(policy);
        if (bundle == null) {
            return Optional.empty();
        }
        PolicyEngine engine = PolicyEngine.load(bundle);
        if (!engine.dataDigest().equals(data)) {
            return Optional.empty();
        }
        return Optional.of(DecisionMemo.over(engine, remembered));
    }
}
