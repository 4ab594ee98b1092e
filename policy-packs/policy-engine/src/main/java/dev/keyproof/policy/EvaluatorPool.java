package dev.keyproof.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Instances built before the first use. The SDK's own pool builds on a borrower's time, forgets the data at each return and
 * waits without bound; none of that may happen to a request. An instance that failed is replaced beside the requests.
 */
final class EvaluatorPool implements AutoCloseable {
    private final byte[] wasm;
    private final JsonNode data;
    private final Duration wait;
    private final BlockingQueue<Evaluator> idle;
    private final ExecutorService repair;

    private EvaluatorPool(byte[] wasm, JsonNode data, int size, Duration wait) {
        this.wasm = wasm;
        this.data = data;
        this.wait = wait;
        this.idle = new ArrayBlockingQueue<>(size);
        this.repair = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "policy-repair");
            thread.setDaemon(true);
            return thread;
        });
    }

    static EvaluatorPool filled(byte[] wasm, JsonNode data, int size, Duration wait) throws PolicyException {
        if (size < 1) {
            throw new PolicyException("a policy pool needs at least 1 instance, not " + size);
        }
        EvaluatorPool pool = new EvaluatorPool(wasm, data, size, wait);
        try {
            for (int i = 0; i < size; i++) {
                pool.idle.add(Evaluator.build(wasm, data));
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
            repair.execute(() -> {
                try {
                    idle.add(Evaluator.build(wasm, data));
                } catch (PolicyException e) {
                    // It was built once from the same bytes; without it the pool is smaller and requests are refused
                    // sooner.
                    Thread.currentThread().interrupt();
                }
            });
        }
    }

    @Override
    public void close() {
        repair.shutdownNow();
        idle.clear();
    }
}
