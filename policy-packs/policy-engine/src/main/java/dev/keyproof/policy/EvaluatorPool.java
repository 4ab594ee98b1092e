package dev.keyproof.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Instances built before the first use. The SDK's own pool builds on a borrower's time, forgets the data at each return and
 * waits without bound; none of that may happen to a request. An instance that failed is replaced beside the requests.
 */
final class EvaluatorPool implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(EvaluatorPool.class.getName());
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Making making;
    private final Duration wait;
    private final BlockingQueue<Evaluator> idle;
    private final ExecutorService repair;

    private EvaluatorPool(Making making, int size, Duration wait) {
        this.making = making;
        this.wait = wait;
        this.idle = new ArrayBlockingQueue<>(size);
        this.repair = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "policy-repair");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** How an instance is built. */
    interface Making {
        Evaluator build() throws PolicyException;
    }

    static EvaluatorPool filled(Making making, int size, Duration wait) throws PolicyException {
        if (size < 1) {
            throw new PolicyException("a policy pool needs at least 1 instance, not " + size);
        }
        EvaluatorPool pool = new EvaluatorPool(making, size, wait);
        try {
            for (int i = 0; i < size; i++) {
                pool.idle.add(making.build());
            }
        } catch (PolicyException e) {
            pool.close();
            throw e;
        }
        return pool;
    }

    /** What an instance is asked. */
    interface Question {
        Optional<JsonNode> ask(Evaluator evaluator) throws IOException;
    }

    /** @throws PolicyException when none is free in time, or the evaluation fails */
    Optional<JsonNode> ask(Question question) throws PolicyException {
        Evaluator evaluator = borrow();
        boolean sound = false;
        try {
            Optional<JsonNode> answer = question.ask(evaluator);
            sound = true;
            return answer;
        } catch (RuntimeException | IOException | StackOverflowError e) {
            throw new PolicyException("policy evaluation failed: " + e, e);
        } finally {
            if (sound) {
                idle.add(evaluator);
            } else {
                replace();
            }
        }
    }

    private Evaluator borrow() throws PolicyException {
        try {
            Evaluator evaluator = idle.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
            if (evaluator == null) {
                throw new PolicyException("no policy instance free within " + wait.toMillis() + " ms");
            }
            return evaluator;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PolicyException("interrupted while waiting for a policy instance", e);
        }
    }

    /** The memory of an instance that failed is in no known state. */
    private void replace() {
        if (!repair.isShutdown()) {
            repair.execute(this::rebuild);
        }
    }

    private void rebuild() {
        try {
            idle.add(making.build());
        } catch (PolicyException | RuntimeException | OutOfMemoryError e) {
            // It was built once from the same bytes, so what is short now, such as memory, may be there later. Until
            // then the pool is
            // smaller and requests are refused sooner.
            LOG.log(System.Logger.Level.WARNING, "event=policy-instance-missing reason=\"{0}\"", e);
            CompletableFuture.delayedExecutor(AGAIN.toMillis(), TimeUnit.MILLISECONDS, repair)
                    .execute(this::rebuild);
        }
    }

    @Override
    public void close() {
        repair.shutdownNow();
        idle.clear();
    }
}
