package dev.keyproof.broker.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyproof.event.Extension;
import dev.keyproof.policy.Decision;
import dev.keyproof.policy.DecisionMemo;
import dev.keyproof.policy.FileWatch;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.policy.PolicyException;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * The policy that decides. Another one takes its place when its file changes, once it has loaded whole: no call waits for that, none is
 * decided by half of each. What does not load changes nothing. Thread-safe; {@link #renew} is called by one thread.
 */
public final class PolicyInForce {
    private static final int REMEMBERED = 10_000;

    private final PolicySource source;
    private volatile Current current;
    /** Whether the file held what is not used when it was last looked at. Used by the thread that renews alone. */
    private boolean refused;
    /** Used by the thread that renews alone; empty where policy is part of the program, which does not change. */
    private final Optional<FileWatch> watch;

    private final LongAdder hitsBefore = new LongAdder();
    private final LongAdder missesBefore = new LongAdder();

    /** What decides, and the parameters that it decides by, which nobody changes. */
    private record Current(PolicyEngine engine, DecisionMemo decisions, JsonNode parameters) {
        static Current of(PolicyEngine engine) {
            return new Current(
                    engine,
                    DecisionMemo.over(engine, REMEMBERED),
                    engine.data().path("keyproof").path("parameters"));
        }
    }

    private PolicyInForce(PolicySource source, Optional<FileWatch> watch, Current current) {
        this.source = source;
        this.watch = watch;
        this.current = current;
    }

    /** @throws PolicyException if there is none that loads */
    public static PolicyInForce of(PolicySource source) throws PolicyException {
        Optional<FileWatch> watch = Optional.ofNullable(source.bundle()).map(FileWatch::new);
        // What changes while it is loaded is loaded again.
        watch.ifPresent(FileWatch::changed);
        return new PolicyInForce(source, watch, Current.of(source.load()));
    }

    /**
     * What became of the policy when it was looked at.
     *
     * @param policy digest of what was in force before
     * @param data digest of its data
     * @param fault why what is there now is not in force; empty where it is
     */
    public record Renewed(String policy, String data, String fault) {}

    /** Takes over what the file holds, if it is another than it was when it was last looked; the one in force may be back after another. */
    public Optional<Renewed> renew() {
        if (watch.isEmpty() || !watch.get().changed()) {
            return Optional.empty();
        }
        Current before = current;
        Current after;
        try {
            after = Current.of(source.load());
        } catch (PolicyException e) {
            refused = true;
            return Optional.of(new Renewed(policyDigest(), dataDigest(), String.valueOf(e.getMessage())));
        }
        boolean restored = refused;
        refused = false;
        if (after.engine().policyDigest().equals(before.engine().policyDigest())
                && after.engine().dataDigest().equals(before.engine().dataDigest())) {
            return restored ? Optional.of(new Renewed(policyDigest(), dataDigest(), "")) : Optional.empty();
        }
        current = after;
        hitsBefore.add(before.decisions().hits());
        missesBefore.add(before.decisions().misses());
        return Optional.of(
                new Renewed(before.engine().policyDigest(), before.engine().dataDigest(), ""));
    }

    /** Never throws: what cannot be decided is refused. */
    public Decision authorise(JsonNode input) {
        return current.decisions().authorise(input);
    }

    /**
     * What a caller may be told of why it was refused, of each check that does not hold. Empty where another policy is in force by now, or
     * this one explains nothing.
     *
     * @throws PolicyException when it cannot be evaluated
     */
    public Optional<JsonNode> told(Extension.Decision refusal) throws PolicyException {
        PolicyEngine engine = current.engine();
        return engine.policyDigest().equals(refusal.policy())
                        && engine.dataDigest().equals(refusal.data())
                ? engine.explain(refusal.input()).map(explanation -> explanation.path("told"))
                : Optional.empty();
    }

    /** {@code data.keyproof.parameters}; the same object as long as they are in force, and not to be changed. */
    public JsonNode parameters() {
        return current.parameters();
    }

    public String policyDigest() {
        return current.engine().policyDigest();
    }

    public String dataDigest() {
        return current.engine().dataDigest();
    }

    /** Who vouches for it, for the record. */
    public String signature() {
        return source.signature();
    }

    /** How often a decision was remembered. */
    public long remembered() {
        return hitsBefore.sum() + current.decisions().hits();
    }

    /** How often policy was evaluated. */
    public long evaluated() {
        return missesBefore.sum() + current.decisions().misses();
    }
}
