package dev.keyproof.broker;

import dev.keyproof.broker.journal.Draft;
import dev.keyproof.broker.journal.Recorder;
import dev.keyproof.broker.policy.PolicyInForce;
import dev.keyproof.broker.problem.Problem;
import dev.keyproof.broker.problem.ProblemException;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether another policy was put in place, and puts on the record what became of it. On a thread of its own: loading takes seconds. */
final class PolicyWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyWatch.class);
    private static final long EACH_MS = 2_000;

    private final PolicyInForce policy;
    private final Recorder recorder;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("policy-watch").factory());

    PolicyWatch(PolicyInForce policy, Recorder recorder) {
        this.policy = policy;
        this.recorder = recorder;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // It catches what it throws; there is nothing to wait for.
    void start() {
        thread.scheduleWithFixedDelay(this::look, EACH_MS, EACH_MS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            Optional<PolicyInForce.Renewed> renewed = policy.renew();
            if (renewed.isPresent()) {
                record(renewed.get());
            }
        } catch (ProblemException | RuntimeException e) {
            LOG.warn("event=policy-not-recorded reason=\"{}\"", e.getMessage());
        }
    }

    private void record(PolicyInForce.Renewed renewed) throws ProblemException {
        Draft draft;
        if (renewed.fault().isEmpty()
                && renewed.policy().equals(policy.policyDigest())
                && renewed.data().equals(policy.dataDigest())) {
            draft = Draft.service("RestorePolicy").message("The policy in force is in its place again.");
            draft.detail().put("policy", renewed.policy()).put("data", renewed.data());
            LOG.info("event=policy-restored policy={} data={}", renewed.policy(), renewed.data());
        } else if (renewed.fault().isEmpty()) {
            draft = Draft.service("ChangePolicy").message("Another policy is in force.");
            draft.detail()
                    .put("policy", policy.policyDigest())
                    .put("data", policy.dataDigest())
                    .put("policyBefore", renewed.policy())
                    .put("dataBefore", renewed.data());
            LOG.info("event=policy-changed policy={} data={}", policy.policyDigest(), policy.dataDigest());
        } else {
            draft = Draft.service("RefusePolicy")
                    .failed(new ProblemException(
                            Problem.INTERNAL, "the policy that was put in place is not used: " + renewed.fault()))
                    .message("A policy was put in place that cannot be used; the last one stays in force.");
            draft.detail().put("policy", renewed.policy()).put("data", renewed.data());
            LOG.error("event=policy-refused reason=\"{}\"", renewed.fault());
        }
        recorder.append(draft);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
