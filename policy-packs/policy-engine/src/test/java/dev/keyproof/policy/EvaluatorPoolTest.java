package dev.keyproof.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class EvaluatorPoolTest {
    private final AtomicInteger failures = new AtomicInteger();
    private EvaluatorPool pool;

    @BeforeEach
    void fill() throws Exception {
        PolicyBundle bundle = PolicyBundle.builtIn();
        pool = EvaluatorPool.filled(
                () -> {
                    if (failures.getAndDecrement() > 0) {
                        throw new PolicyException("no memory");
                    }
                    return Evaluator.build(bundle.wasm(), bundle.data());
                },
                1,
                Duration.ofMillis(20));
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private Optional<JsonNode> decide() throws PolicyException {
        return pool.ask(evaluator -> evaluator.decide(Inputs.encrypt()));
    }

    @Test
    void whoFindsNoInstanceInTimeIsTold() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Void> holder = CompletableFuture.runAsync(() -> {
            try {
                pool.ask(evaluator -> {
                    held.countDown();
                    await().until(() -> release.getCount() == 0);
                    return Optional.empty();
                });
            } catch (PolicyException e) {
                throw new AssertionError(e);
            }
        });
        held.await();

        assertThatThrownBy(this::decide).hasMessage("no policy instance free within 20 ms");

        release.countDown();
        holder.join();
        assertThat(decide()).isPresent();
    }

    @Test
    void anInstanceThatFailedIsReplaced() {
        assertThatThrownBy(() -> pool.ask(evaluator -> {
                    throw new IllegalStateException("trap");
                }))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("policy evaluation failed");

        await().ignoreExceptions().until(() -> decide().isPresent());
    }

    @Test
    void whatCannotBeReplacedAtOnceIsReplacedLater() {
        failures.set(2);
        assertThatThrownBy(() -> pool.ask(evaluator -> {
                    throw new IllegalStateException("trap");
                }))
                .isInstanceOf(PolicyException.class);

        await().ignoreExceptions().until(() -> decide().isPresent());
        assertThat(failures).hasNegativeValue();
    }

    @Test
    void aPoolOfNoneIsRefused() throws Exception {
        PolicyBundle bundle = PolicyBundle.builtIn();

        assertThatThrownBy(() -> PolicyEngine.load(bundle, 0))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("at least 1 instance");
    }
}
