package dev.keyproof.evidence.access;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyproof.evidence.artifact.Artifacts;
import dev.keyproof.evidence.seal.RefusedPolicies;
import dev.keyproof.evidence.store.EvidenceException;
import dev.keyproof.policy.BundleTrust;
import dev.keyproof.policy.FileWatch;
import dev.keyproof.policy.PolicyBundle;
import dev.keyproof.policy.PolicyEngine;
import dev.keyproof.policy.PolicyException;
import dev.keyproof.policy.PolicyTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the policy in force, in process. Another bundle that is put in place is loaded beside, and decides once it is
 * whole; until then, and if it is not, the last one does. Thread-safe.
 */
public final class AccessPolicy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessPolicy.class);
    private static final long EACH_MS = 2_000;
    private static final String READING = "reading";

    private final Path bundle;

    private final BundleTrust trust;
    private final FileWatch file;
    private final Artifacts kept;
    private final RefusedPolicies refused;
    private final InstantSource clock;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("access-policy").factory());
    private volatile PolicyEngine engine;

    /** Takes a second or two. */
    public AccessPolicy(Path bundle, BundleTrust trust, Artifacts kept, RefusedPolicies refused, InstantSource clock)
            throws EvidenceException {
        this.bundle = bundle;
        this.trust = trust;
        this.file = new FileWatch(bundle);
        this.kept = kept;
        this.refused = refused;
        this.clock = clock;
        try {
            file.changed();
            this.engine = load();
        } catch (PolicyException e) {
            watch.shutdownNow();
            throw new EvidenceException(
                    "the policy by which evidence is read cannot be loaded: " + e.getMessage()
                            + "; name its bundle as access.policy",
                    e);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // It catches what it throws; there is nothing to wait for.
    public void start() {
        watch.scheduleWithFixedDelay(this::look, EACH_MS, EACH_MS, TimeUnit.MILLISECONDS);
    }

    /** Decides. Never throws: what cannot be decided is refused. */
    public Admission ask(Caller caller, Operation operation) {
        ObjectNode input = JsonNodeFactory.instance.objectNode().put("operation", operation.id());
        ObjectNode actor = input.putObject("actor").put("id", caller.id()).put("method", "token");
        caller.roles().forEach(actor.putArray("roles")::add);
        input.putObject("request").put("source", caller.source()).put("batch", 1);
        input.set(
                "time",
                PolicyTime.of(clock.instant().truncatedTo(ChronoUnit.SECONDS).toEpochMilli()));
        return new Admission(caller, operation, engine.authorise(input), input);
    }

    private void look() {
        try {
            if (!file.changed()) {
                return;
            }
            PolicyEngine next = load();
            // The one before is not closed: whoever asks it at this moment gets an answer.
            engine = next;
            refused.taken(bundle, READING);
            LOG.info("event=policy-changed policy={} data={}", next.policyDigest(), next.dataDigest());
        } catch (EvidenceException e) {
            // It may be kept the next time, and decides then.
            file.forget();
            LOG.warn("event=policy-not-kept reason=\"{}\"", e.getMessage());
        } catch (PolicyException | RuntimeException e) {
            LOG.warn("event=policy-refused reason=\"{}\"", e.getMessage());
            tell(String.valueOf(e.getMessage()));
        }
    }

    private void tell(String reason) {
        try {
            refused.refused(bundle, READING, Files.readAllBytes(bundle), reason);
        } catch (IOException e) {
            // What cannot be read now is looked at again.
            file.forget();
        }
    }

    /** What decides is kept before it does, so that every pack can carry it. */
    private PolicyEngine load() throws PolicyException, EvidenceException {
        PolicyBundle read = trust.read(bundle);
        PolicyEngine loaded = PolicyEngine.load(read);
        kept.keepPolicy(read.bytes());
        return loaded;
    }

    @Override
    public void close() {
        watch.shutdownNow();
    }
}
